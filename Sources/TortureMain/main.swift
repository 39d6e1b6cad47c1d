import Torture

await TortureCommand.main()

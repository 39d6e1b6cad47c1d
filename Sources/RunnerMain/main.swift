import Runner

RunnerCommand.main()

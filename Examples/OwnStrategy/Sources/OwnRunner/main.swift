import Runner
import Simulator

RunnerCommand.main(strategies: [StrategyEntry(DipStrategy.self)])

public import Simulator
import Strategy

extension StrategyEntry {
  /// The strategies that come with Ratchet.
  public static let builtIn: [StrategyEntry] = [
    StrategyEntry(ConfluenceStrategy.self), StrategyEntry(MovingAverageCrossStrategy.self),
  ]
}

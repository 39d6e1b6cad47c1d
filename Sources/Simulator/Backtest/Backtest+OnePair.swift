public import Execution
public import Market
public import Matching
import Strategy

/// A portfolio of one whose limits are off.
extension Backtest {
  /// A run of one pair before its first candle.
  ///
  /// - Parameters:
  ///   - engine: A fresh engine of pair 0; its interval must be divisible by 3.
  ///   - cash: What the account begins with.
  ///   - model: How the market behaves.
  ///   - journal: Who remembers.
  ///   - walksEveryCandle: Whether candles that touch nothing are walked all the same.
  @inlinable
  public init(
    engine: ExecutionEngine<S>, cash: Money, model: MarketModel, journal: J,
    walksEveryCandle: Bool = false
  ) {
    self.init(
      portfolio: Portfolio(cash: cash),
      pairs: [
        PairBacktest(
          engine: engine, model: model, journal: journal, walksEveryCandle: walksEveryCandle)
      ])
  }

  /// The first pair's loop.
  @inlinable
  public var loop: TradingLoop<S, SimulatedBroker, J> { pairs[0].loop }

  /// Plays the next candle of the first pair, as if there were no other.
  ///
  /// - Throws: `BacktestError` where the position is worth more than `Money` holds.
  @inlinable
  public mutating func play(_ candle: Candle) throws(BacktestError) {
    try pairs[0].play(candle, &portfolio)
    close(candle, of: 0)
  }
}

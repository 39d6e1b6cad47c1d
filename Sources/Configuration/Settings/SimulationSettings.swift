public import Market
import Strategy

/// The settings of a simulated market, before the simulator makes its own model of them.
public struct SimulationSettings: Hashable, Sendable {
  /// The length of a candle: divisible by 3, and a whole number of them make a day.
  public let interval: TimeSpan
  /// What the account begins with.
  public let cash: Money
  /// `nearest`, `high-first` or `low-first`; SEMANTICS 6.1.
  public let path: String
  /// Whether a price equal to a resting limit fills it.
  public let fillsOnTouch: Bool
  /// How much worse than the market a taker fills.
  public let slippage: Rate
  /// The fee rate of an order that waited in the book.
  public let makerRate: Rate
  /// The fee rate of an order that took.
  public let takerRate: Rate
  /// The share of a candle's volume that may be ours.
  public let participation: Rate
  /// Whether a row that is no valid candle is skipped rather than refused; SEMANTICS 2.2.
  public let skipsBadRows: Bool

  init(_ values: Parameters) {
    interval = TimeSpan(seconds: Int64(values.integer("interval")))
    cash = values.money("cash")
    path = values.text("path")
    fillsOnTouch = values.flag("fill_on_touch")
    slippage = values.rate("slippage")
    makerRate = values.rate("maker_rate")
    takerRate = values.rate("taker_rate")
    participation = values.rate("participation")
    skipsBadRows = values.text("on_bad_row") == "skip"
  }

  /// SEMANTICS 2.1: thirds of a candle are whole seconds.
  static func check(_ values: Parameters) throws(ParameterError) {
    let seconds = values.integer("interval")
    guard seconds % 3 == 0 else {
      throw .contradiction(
        key: "interval",
        rule: "\(seconds) seconds must be divisible by 3, as 60, 300, 900 and 3600 are")
    }
  }
}

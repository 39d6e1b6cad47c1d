import Indicators
import Market
import Strategy

/// Buys a dip out of the lower Bollinger band, and waits for the price to come back to the mean.
///
///     buy when  close < lower band  and  middle band ≥ close · (1 + min_reach)
///
/// The second half keeps it away from dips that could not pay the fees even if it is right.
struct DipStrategy: TradingStrategy {
  static let name = "dip"
  static let summary =
    "limit buys below the lower Bollinger band; a stop that follows once the mean is reached"

  static let parameters = [
    Parameter(
      "band_period", .integer(Bounds(2...100_000)), default: "100",
      help: "candles in the mean and the deviation of the bands"),
    Parameter(
      "band_width", .number(Bounds(0...100)), default: "2",
      help: "standard deviations from the mean to either band"),
    Parameter(
      "min_reach", .rate(Bounds(0...1)), default: "0.02",
      help: "how far the mean must be above the close, as a fraction of the close"),
    Parameter(
      "cooldown", .integer(Bounds(0...1_000_000)), default: "12",
      help: "candles to wait after an exit; 0 allows the same close"),
  ]

  let reach: Double
  let cooldown: Int
  var bands: BollingerBands
  var latest: BollingerBands.Output?
  /// The rule for a position that opens now: its target is the mean at the latest close.
  var exit: ReturnExit

  init(_ parameters: Parameters, exit: ReturnExit) {
    reach = parameters.rate("min_reach").growth.double
    cooldown = parameters.integer("cooldown")
    bands = BollingerBands(
      period: parameters.integer("band_period"), width: parameters.number("band_width"))
    self.exit = exit
  }

  mutating func candleClosed(_ candle: Candle) -> EntrySignal? {
    let close = candle.close.double
    latest = bands.update(close)
    guard let latest else { return nil }  // Not warm yet.
    exit.target = Price(nearest: latest.middle)
    guard close < latest.lower, latest.middle >= close * reach else { return nil }
    return EntrySignal(reference: candle.close)
  }

  var readings: [Reading] {
    [Reading("lower", latest?.lower), Reading("middle", latest?.middle)]
  }
}

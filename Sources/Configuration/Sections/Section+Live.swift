public import Market
import Strategy

extension Section {
  /// How a session on an exchange behaves; a backtest does not look at it.
  public static let live = Section(
    "live",
    help: "how 'runner live' and 'runner paper' behave on an exchange",
    parameters: [
      Parameter(
        "confirm", .flag, default: "false",
        help: "that real money may be traded; without it 'runner live' asks for the product's name"),
      Parameter(
        "warm_up", .integer(Bounds(0...10_000)), default: "1000",
        help: "candles of the exchange's history that warm the indicators at the first start"),
      Parameter(
        "candle_grace", .integer(Bounds(0...60)), default: "1",
        help: "seconds after its end at which a candle closes: its last trades come that late"),
    ])
}

/// How a session on an exchange behaves.
public struct LiveSettings: Hashable, Sendable {
  /// Whether real money may be traded without asking.
  public let isConfirmed: Bool
  /// Candles of history at the first start.
  public let warmUp: Int
  /// How long after its end a candle closes.
  public let candleGrace: TimeSpan

  init(_ values: Parameters) {
    isConfirmed = values.flag("confirm")
    warmUp = values.integer("warm_up")
    candleGrace = TimeSpan(seconds: Int64(values.integer("candle_grace")))
  }
}

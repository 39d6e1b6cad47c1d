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
      Parameter(
        "reconcile_every", .integer(Bounds(10...86_400)), default: "300",
        help: "seconds after which orders, fills and balances are compared with the exchange's"),
      Parameter(
        "replace_interval", .integer(Bounds(0...3600)), default: "2",
        help: "seconds at least between two moves of a stop upwards"),
      Parameter(
        "stale_after", .integer(Bounds(2...3600)), default: "15",
        help: "seconds without a message after which the feed is connected anew; entries wait"),
      Parameter(
        "naked_alarm", .integer(Bounds(1...3600)), default: "10",
        help: "seconds that a position may have no exit order before there is an alarm"),
      Parameter(
        "max_clock_skew", .integer(Bounds(1...3600)), default: "30",
        help: "seconds that this machine's clock may be off before entries wait"),
      Parameter(
        "time_scale", .integer(Bounds(1...10_000)), default: "1",
        help: "how many times as fast the session's own waits pass; only for a local exchange"),
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
  /// How long it is until the exchange is compared with the record again.
  public let reconcileEvery: TimeSpan
  /// The shortest time between two replacements of a stop.
  public let replaceInterval: TimeSpan
  /// The longest that the feed may be silent.
  public let staleAfter: TimeSpan
  /// How long a position may be without an exit order before there is an alarm.
  public let nakedAlarm: TimeSpan
  /// How far this machine's clock may be off.
  public let maxClockSkew: TimeSpan
  /// How many times as fast as the clock the session's own waits pass.
  public let timeScale: Int

  init(_ values: Parameters) {
    isConfirmed = values.flag("confirm")
    warmUp = values.integer("warm_up")
    func seconds(_ name: String) -> TimeSpan { TimeSpan(seconds: Int64(values.integer(name))) }
    candleGrace = seconds("candle_grace")
    reconcileEvery = seconds("reconcile_every")
    replaceInterval = seconds("replace_interval")
    staleAfter = seconds("stale_after")
    nakedAlarm = seconds("naked_alarm")
    maxClockSkew = seconds("max_clock_skew")
    timeScale = values.integer("time_scale")
  }

  /// A session begins at a moment at which no candle is younger than the grace: there has to be one.
  static func check(_ values: Parameters, _ simulation: Parameters) throws(ParameterError) {
    let (grace, interval) = (values.integer("candle_grace"), simulation.integer("interval"))
    guard grace >= interval else { return }
    throw .contradiction(
      key: "candle_grace",
      rule: "\(grace) seconds must be less than simulation.interval, which is \(interval): a "
        + "session would wait for its beginning for ever. A second or two are enough")
  }
}

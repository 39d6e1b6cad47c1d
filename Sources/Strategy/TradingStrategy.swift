public import Market

/// When to buy, and by which rule to leave: the one thing a user of Ratchet writes.
///
/// A strategy is a value. It sees closed candles, oldest first, and nothing else: no clock, no
/// account, no order, no hint whether the run is a backtest or live. So the one that was tested is
/// the one that trades. `Documentation/writing-a-strategy.md` writes one from nothing.
///
/// It is `Codable` so that a store keeps its indicators over a restart: all that it remembers must
/// be in stored properties, which Swift then writes and reads by itself.
public protocol TradingStrategy: Sendable, Codable {
  /// The rule by which positions are left.
  associatedtype Exit: ExitRule = RatchetExit

  /// The value of `strategy.name` that chooses it, such as `confluence`.
  static var name: String { get }
  /// One line for `--help`.
  static var summary: String { get }
  /// The keys of the `strategy` section that it reads, beside `name`.
  static var parameters: [Parameter] { get }

  /// A strategy before its first candle.
  ///
  /// - Parameters:
  ///   - parameters: A value for each of `Self.parameters`.
  ///   - exit: The rule made from the `exit` section.
  /// - Throws: `ParameterError` where two values, each fine alone, do not go together.
  init(_ parameters: Parameters, exit: Exit) throws(ParameterError)

  /// Takes the next closed candle and says whether to buy.
  ///
  /// Called once for every candle, whatever the pair's position: a signal that cannot be acted on
  /// is counted and forgotten. Missing candles are not made up (SEMANTICS 2.3).
  mutating func candleClosed(_ candle: Candle) -> EntrySignal?

  /// The rule for a position that opens now; it stays with that position to the end.
  var exit: Exit { get }

  /// How many candles must pass after an exit before the next entry; 0 allows the same close.
  var cooldown: Int { get }

  /// The figures behind the last decision, for reports; not called while trading.
  var readings: [Reading] { get }

  /// How many candles before a close its `conditions` look back; not called while trading.
  var hindsight: Int { get }

  /// Why the last of these closes was a signal, condition by condition, for `runner why`; not called
  /// while trading.
  ///
  /// - Parameter moments: Candles with the `readings` at their closes, oldest first: the signal's and
  ///   up to `hindsight` before it, fewer at the beginning of the data.
  /// - Returns: What was met, in an order that can be read.
  func conditions(at moments: [Moment]) -> [Condition]
}

extension TradingStrategy {
  /// No keys of its own.
  public static var parameters: [Parameter] { [] }
  /// No wait.
  @inlinable
  public var cooldown: Int { 0 }
  /// Nothing to show.
  public var readings: [Reading] { [] }
  /// The candle before.
  public var hindsight: Int { 1 }
  /// Nothing to say beyond the readings.
  public func conditions(at moments: [Moment]) -> [Condition] { [] }
}

/// One figure of a strategy at a candle, by the name under which a report shows it.
public struct Reading: Hashable, Sendable {
  /// Such as `rsi`.
  public var name: String
  /// The value; `nil` before it exists.
  public var value: Double?

  /// A figure and its name.
  public init(_ name: String, _ value: Double?) {
    self.name = name
    self.value = value
  }
}

public import Market
public import Strategy

/// A strategy that signals at the closes of given candles, for tests of everything behind it.
public struct ScriptedStrategy: TradingStrategy {
  /// `scripted`.
  public static let name = "scripted"
  /// One line for the help.
  public static let summary = "signals when a test says so"

  /// The terms of each signal, apart from its price.
  public var signal = EntrySignal(reference: 1)
  /// The indices of the candles that signal.
  public var signals: Set<Int> = []
  /// Candles to wait after an exit.
  public var cooldown = 0
  /// The rule to leave by.
  public var exit: RatchetExit
  private var index = 0

  /// A strategy that never signals.
  public init(_ parameters: Parameters, exit: RatchetExit) { self.exit = exit }

  /// A strategy that signals at these candles, with an exit at its defaults unless given.
  public init(
    signals: Set<Int>, offset: Rate = .zero, timeToLive: Int = 3, isPostOnly: Bool = false,
    cooldown: Int = 0, exit: [String: String] = [:]
  ) throws {
    var parameters = Parameters(RatchetExit.parameters)
    for (key, value) in exit { try parameters.set(key, to: value) }
    self.exit = RatchetExit(parameters)
    self.signals = signals
    self.cooldown = cooldown
    signal = EntrySignal(
      reference: 1, offset: offset, timeToLive: timeToLive, isPostOnly: isPostOnly)
  }

  /// Signals at the close if this candle is one of those named.
  public mutating func candleClosed(_ candle: Candle) -> EntrySignal? {
    defer { index += 1 }
    guard signals.contains(index) else { return nil }
    var signal = signal
    signal.reference = candle.close
    return signal
  }
}

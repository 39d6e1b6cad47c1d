public import Market

/// The built-in strategy: the confluence entry and the ratchet exit; SEMANTICS 4 and 5.
public struct ConfluenceStrategy: TradingStrategy {
  /// `confluence`.
  public static let name = "confluence"
  /// One line for `--help`.
  public static let summary =
    "limit buys when RSI, MACD and VWAP agree; a trailing stop that only rises"

  /// The keys of SEMANTICS 4.1.
  public static let parameters =
    ConfluenceEntry.parameters + [
      Parameter(
        "entry_offset", .rate(Bounds(.included(0), .excluded(1))), default: "0.0005",
        help: "how far below the close the entry's limit is, as a fraction"),
      Parameter(
        "entry_ttl", .integer(Bounds(1...1_000_000)), default: "3",
        help: "candle intervals after which an unfilled entry is cancelled"),
      Parameter(
        "cooldown", .integer(Bounds(0...1_000_000)), default: "0",
        help: "candles to wait after an exit; 0 allows the same close"),
      Parameter(
        "post_only", .flag, default: "false",
        help: "whether the exchange is to refuse an entry that would take"),
    ]

  /// The part that decides.
  @usableFromInline var entry: ConfluenceEntry
  @usableFromInline let offset: Rate
  @usableFromInline let timeToLive: Int
  @usableFromInline let isPostOnly: Bool
  /// Candles to wait after an exit.
  public let cooldown: Int
  /// The stop that only rises.
  public let exit: RatchetExit

  /// The strategy with these values, before its first candle.
  ///
  /// - Throws: `ParameterError` if the MACD's fast average is not shorter than the slow one.
  public init(_ parameters: Parameters, exit: RatchetExit) throws(ParameterError) {
    entry = try ConfluenceEntry(parameters)
    offset = parameters.rate("entry_offset")
    timeToLive = parameters.integer("entry_ttl")
    isPostOnly = parameters.flag("post_only")
    cooldown = parameters.integer("cooldown")
    self.exit = exit
  }

  /// A limit buy some way below a close at which the three agree.
  @inlinable @inline(__always)
  public mutating func candleClosed(_ candle: Candle) -> EntrySignal? {
    guard entry.candleClosed(candle) else { return nil }
    return EntrySignal(
      reference: candle.close, offset: offset, timeToLive: timeToLive, isPostOnly: isPostOnly)
  }

  /// RSI, MACD and VWAP at the latest candle.
  public var readings: [Reading] { entry.readings }
}

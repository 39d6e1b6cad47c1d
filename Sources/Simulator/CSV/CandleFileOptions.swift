public import Market

/// How to read a file of candles.
public struct CandleFileOptions: Hashable, Sendable {
  /// The interval of its candles; `--interval`.
  public var interval: TimeSpan
  /// Whether a bad row is dropped and counted instead of refused; `--on-bad-row skip`.
  public var skipsBadRows: Bool
  /// Headers for columns whose name is not one of the usual ones; `--column time=<header>`.
  public var columns: [CandleColumn: String]
  /// The unit of numeric times, where their size does not tell; `--time-unit`.
  public var timeUnit: TimeUnit?
  /// What separates the columns, where the header does not tell; `--delimiter`.
  public var delimiter: Delimiter?
  /// A file with more rows is refused, so that memory stays bounded.
  public var rowLimit: Int

  /// Options; the defaults are those of SEMANTICS 2, found out from the file where possible.
  public init(
    interval: TimeSpan = TimeSpan(seconds: 300), skipsBadRows: Bool = false,
    columns: [CandleColumn: String] = [:], timeUnit: TimeUnit? = nil,
    delimiter: Delimiter? = nil, rowLimit: Int = 50_000_000
  ) {
    precondition(interval.nanoseconds > 0, "an interval is above 0, was \(interval)")
    self.interval = interval
    self.skipsBadRows = skipsBadRows
    self.columns = columns
    self.timeUnit = timeUnit
    self.delimiter = delimiter
    self.rowLimit = rowLimit
  }
}

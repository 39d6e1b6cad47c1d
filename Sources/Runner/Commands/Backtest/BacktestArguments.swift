import Configuration
import Market
import Reporting
import Simulator
import Telemetry

/// What a command line asks of a backtest.
struct BacktestArguments {
  /// The files of candles: one, or those of the pairs in the order of `settings.pairs`.
  let sources: [CandleSource]
  /// How to read them.
  let candles: CandleFileOptions
  /// Everything that the run depends on besides its candles.
  let settings: Settings
  /// The strategy that the settings choose.
  let strategy: StrategyEntry
  /// The part of the file to trade in; `nil` for all of it.
  let timeRange: TimeRange?
  /// By which periods the run is shown, in this order.
  let breakdowns: [CalendarPeriod]
  /// Whether candles that touch nothing are walked all the same.
  let walksEveryCandle: Bool
  /// Where the result goes as JSON.
  let json: String?
  /// Whether the JSON has the curve.
  let includesEquity: Bool
  /// Where the result goes as a page.
  let html: String?
  /// The folder that takes the run as freqtrade reads it.
  let freqtrade: String?
  /// Whether every trade is listed.
  let listsTrades: Bool
  /// `--db`.
  let database: String?

  /// Reads the words of a command line.
  ///
  /// - Throws: `UsageError` where they do not go together, `ConfigurationError` where the settings
  ///   are bad. No candle has been read by then.
  init(_ program: Program, _ invocation: Invocation) throws {
    guard !invocation.has("--equity") || invocation.has("--json") else {
      throw UsageError.useless("--equity", without: "--json FILE")
    }
    let named = try CandleSource.list(invocation.values("--csv"))
    settings = try SettingsOptions.settings(program, invocation, pairs: named.compactMap(\.pair))
    sources = try CandleSource.match(named, settings)
    if !settings.pairs.isEmpty { try Self.checkOptionsOfOne(invocation) }
    try Self.checkCurrencies(settings.pairs.map(\.name))
    strategy = program.strategy(of: settings)
    candles = try CandleFileArguments.options(invocation, settings.simulation)
    timeRange = try Self.timeRange(invocation)
    breakdowns = try Self.breakdowns(invocation)
    walksEveryCandle = invocation.has("--every-point")
    json = invocation.value("--json")
    includesEquity = invocation.has("--equity")
    html = invocation.value("--html")
    freqtrade = invocation.value("--export-freqtrade")
    listsTrades = invocation.has("--trades")
    database = invocation.value("--db")
    for source in sources {
      try Self.check(target: json, of: "--json", isNot: source.path)
      try Self.check(target: html, of: "--html", isNot: source.path)
      try Self.check(target: database, of: "--db", isNot: source.path)
      try Self.check(target: settings.logging.file, of: "logging.file", isNot: source.path)
    }
    if let html, let json, html == json || FileIdentity.areSame(html, json) {
      throw UsageError.invalid(
        option: "--html", value: html, expected: "another place than that of --json")
    }
  }

  /// Refuses what has no meaning for pairs.
  private static func checkOptionsOfOne(_ invocation: Invocation) throws(UsageError) {
    if invocation.has("--product") {
      throw .conflict("--product", "pairs", why: "each is named where its candles are")
    }
    if invocation.has("--export-freqtrade") {
      throw .conflict("--export-freqtrade", "pairs", why: "its file is of one; run each alone")
    }
  }

  /// Refuses pairs that are paid in different money: they have one account.
  private static func checkCurrencies(_ pairs: [String]) throws(UsageError) {
    guard let first = pairs.first(where: { currency(of: $0) != nil }),
      let common = currency(of: first),
      let other = pairs.first(where: { currency(of: $0).map { $0 != common } ?? false }),
      let second = currency(of: other)
    else { return }
    throw .conflict(
      first, other,
      why: "a pair is named BASE-QUOTE, these are paid in \(common) and \(second), and one account "
        + "has one currency; run those of each currency alone")
  }

  /// What a pair is paid in, such as `USD` of `BTC-USD`; `nil` of a name that does not say it, such as
  /// `coin-a`.
  static func currency(of pair: String) -> Substring? {
    let parts = pair.split(separator: "-", omittingEmptySubsequences: false)
    let areSymbols = parts.allSatisfy { part in
      !part.isEmpty && part.allSatisfy { $0.isASCII && ($0.isUppercase || $0.isNumber) }
    }
    return parts.count == 2 && areSymbols ? parts[1] : nil
  }

  static func timeRange(_ invocation: Invocation) throws(UsageError) -> TimeRange? {
    guard let text = invocation.value("--timerange") else { return nil }
    do throws(TimeRangeError) { return try TimeRange(text) } catch {
      throw .refused(option: "--timerange", why: error.description)
    }
  }

  private static func breakdowns(
    _ invocation: Invocation
  ) throws(UsageError) -> [CalendarPeriod] {
    var periods: [CalendarPeriod] = []
    for text in invocation.values("--breakdown") {
      guard let period = CalendarPeriod(rawValue: text) else {
        throw .invalid(option: "--breakdown", value: text, expected: "day, week or month")
      }
      guard !periods.contains(period) else { throw .repeated("--breakdown \(text)") }
      periods.append(period)
    }
    return periods
  }

  /// Refuses to write over the candles.
  private static func check(
    target: String?, of option: String, isNot source: String
  ) throws(UsageError) {
    guard let target, FileIdentity.areSame(target, source) else { return }
    throw UsageError.invalid(
      option: option, value: target, expected: "another file than the candles themselves")
  }

  /// Reads the candles of a file, and says what is odd about them and no reason to refuse them.
  func readCandles(
    of source: CandleSource, _ log: CommandLog
  ) throws(CandleFileError) -> CandleFile {
    try source.read(candles, settings, timeRange, log)
  }
}

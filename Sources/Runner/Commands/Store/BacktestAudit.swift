import Configuration
import Market
import Persistence
import Reporting
import Simulator

/// `runner audit --against-backtest`: why a session and the backtest over its candles differ.
enum BacktestAudit {
  static let option = "--against-backtest"

  static let options = [
    Option(
      option,
      help: """
        Compare a paper or live session with the backtest over its candles, and name the cause of \
        every difference.
        """),
    Option(
      "--html", value: "FILE",
      help: "Write that comparison as a page that needs nothing else; - is standard output."),
  ]

  static func run(_ program: Program, _ invocation: Invocation) throws {
    let html = invocation.value("--html")
    let candles = AuditCommand.candleFiles(of: invocation)
    var files = candles
    if let html { files.append((html, "that of --html")) }
    let arguments = try DatabaseArguments(program, invocation, besides: files)
    if let html {
      for file in [(path: arguments.path, name: "the database")] + candles
      where html == file.path || FileIdentity.areSame(html, file.path) {
        throw UsageError.invalid(
          option: "--html", value: html, expected: "another file than \(file.name)")
      }
    }
    let (subject, report) = try compare(arguments, invocation, program)
    if let target = arguments.target {
      var json = JSONWriter()
      report.write(to: &json, of: subject)
      try target.write(json.bytes)
    }
    if let html {
      var output = try OutputFile(html)
      try AuditPage(report, of: subject, by: program.identity).write {
        bytes throws(OutputError) in try output.write(bytes)
      }
      try output.finish()
    }
    if arguments.target?.isStandardOutput != true, html != "-" {
      try Output.data(report.printable.text(of: subject))
    }
    arguments.target?.announce(arguments.log)
    if let html, html != "-" { arguments.log.notice("wrote \(html)", ["file": "\(html)"]) }
    if !report.isExplained { throw SilentFailure() }
  }

  private static func compare(
    _ arguments: DatabaseArguments, _ invocation: Invocation, _ program: Program
  ) throws -> (AuditSubject, AuditReport) {
    let store = try read(arguments)
    guard store.run.keeping == .all else {
      throw UnreadableSession(
        description:
          "\(arguments.path): this is a backtest's own record, and has no session in it. "
          + "Name the database of a paper or live session")
    }
    do {
      let settings = try RepeatedRun.settings(
        of: try manifest(of: store, at: arguments.path), by: program)
      let strategy = program.strategy(of: settings)
      let plan = plan(of: settings)
      guard plan.pairs.count == store.pairs.count else {
        throw UnreadableSession(
          description:
            "\(arguments.path): its settings name \(plan.pairs.count) pairs, and it holds "
            + "\(store.pairs.count). Run 'runner db check --db \(arguments.path)'")
      }
      let (candles, words) = try candles(
        of: invocation.values("--csv"), settings, arguments.log)
      var report = try strategy.compare(
        RecordedRun(store),
        AuditPlan(plan, candles: candles, goesOn: { try Interruption.check() }))
      report.coverage = CoverageFigures(
        try store.coverage(of: store.positions(.either)).reduce(into: StopCoverage(), +=))
      let subject = AuditSubject(
        database: arguments.path, kind: store.run.kind.rawValue, strategy: strategy.name,
        candles: words)
      return (subject, report)
    } catch let error as StoreError {
      throw UnreadableSession(description: "\(error)")
    } catch let refusal as RepeatedRun.Refusal {
      let words = refusal.differences.map { "\($0.section): \($0.recorded), now \($0.now)" }
      throw UnreadableSession(
        description: "\(arguments.path): its backtest cannot be made: "
          + words.joined(separator: "; "))
    }
  }

  /// Opens the database to look at.
  ///
  /// - Throws: `UnreadableSession` where it holds no run that can be read.
  static func read(_ arguments: DatabaseArguments) throws -> Store {
    do { return try arguments.read() } catch let error as StoreError {
      throw UnreadableSession(description: "\(error)")
    } catch let error as SQLiteError {
      // Of a library that is not there the machine is at fault.
      if case .libraryMissing = error.problem { throw error }
      throw UnreadableSession(description: "\(error)")
    }
  }

  private static func manifest(
    of store: Store, at path: String
  ) throws(UnreadableSession) -> RecordedManifest {
    do { return try RunStore.manifest(of: store) } catch {
      throw UnreadableSession(
        description: "\(path): its manifest is damaged, so restore a backup of it: \(error)")
    }
  }

  private static func plan(of settings: Settings) -> PortfolioPlan {
    guard !settings.pairs.isEmpty else { return PortfolioPlan(BacktestPlan(settings)) }
    return PortfolioPlan(
      pairs: settings.pairs.map { BacktestPlan($0) }, cash: settings.simulation.cash,
      limits: settings.limits)
  }

  /// The candles that the user names; `nil` for those of the record.
  private static func candles(
    of values: [String], _ settings: Settings, _ log: CommandLog
  ) throws -> ([[Candle]]?, String) {
    guard !values.isEmpty else { return (nil, "the candles that the session has recorded") }
    let named = try CandleSource.list(values)
    let products = settings.tradedPairs.map(\.name)
    // Of a session without a list of pairs the product's own file will do, also out of a folder.
    let sources =
      try settings.pairs.isEmpty
      ? Array(named.filter { $0.pair == nil || $0.pair == products[0] }.prefix(1))
      : CandleSource.match(named, settings)
    guard sources.count == products.count else {
      throw UsageError.refused(
        option: "--csv",
        why: products.count == 1
          ? "the session is of \(products[0]): write --csv FILE"
          : "the session has \(products.count) pairs, and there are candles of \(sources.count): "
            + "write --csv PAIR=FILE for each")
    }
    let options = CandleFileOptions(
      interval: settings.simulation.interval, skipsBadRows: settings.simulation.skipsBadRows)
    return (
      try sources.map { try $0.read(options, settings, nil, log).candles },
      sources.map(\.path).joined(separator: ", ")
    )
  }
}

extension AuditReport {
  /// The same as a terminal may be sent it: what the record says is somebody else's words.
  var printable: AuditReport {
    func line(_ text: String) -> String { shown(text, atMost: 1000) }
    var report = self
    report.pairs = pairs.map { shown($0) }
    report.causes = causes.map { cause in
      var cause = cause
      cause.pair = cause.pair.map { shown($0) }
      cause.words = line(cause.words)
      return cause
    }
    report.differences = differences.map { difference in
      var difference = difference
      difference.pair = shown(difference.pair)
      difference.backtest = difference.backtest.map(line)
      difference.session = difference.session.map(line)
      return difference
    }
    return report
  }
}

/// A database that has no session to compare.
struct UnreadableSession: Error, CustomStringConvertible {
  let description: String
}

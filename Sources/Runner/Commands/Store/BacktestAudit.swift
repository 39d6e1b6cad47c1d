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
    let arguments = try DatabaseArguments(
      program, invocation, besides: html.map { [$0] } ?? [])
    if let html, html == arguments.path || FileIdentity.areSame(html, arguments.path) {
      throw UsageError.invalid(
        option: "--html", value: html, expected: "another file than the database")
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
      try Output.data(report.text(of: subject))
    }
    arguments.target?.announce(arguments.log)
    if let html, html != "-" { arguments.log.notice("wrote \(html)", ["file": "\(html)"]) }
    if !report.isExplained { throw SilentFailure() }
  }

  private static func compare(
    _ arguments: DatabaseArguments, _ invocation: Invocation, _ program: Program
  ) throws -> (AuditSubject, AuditReport) {
    let store: Store
    do { store = try arguments.read() } catch let error as StoreError {
      throw UnreadableSession(description: "\(error)")
    }
    guard store.run.keeping == .all else {
      throw UnreadableSession(
        description:
          "\(arguments.path): this is a backtest's own record, and has no session in it. "
          + "Name the database of a paper or live session")
    }
    do {
      let settings = try RepeatedRun.settings(of: try RunStore.manifest(of: store), by: program)
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
    let sources = try CandleSource.match(named, settings)
    guard sources.count == max(settings.pairs.count, 1) else {
      throw UsageError.refused(
        option: "--csv",
        why: "the session has \(max(settings.pairs.count, 1)) pairs, and there are candles of "
          + "\(sources.count): write --csv PAIR=FILE for each")
    }
    let options = CandleFileOptions(
      interval: settings.simulation.interval, skipsBadRows: settings.simulation.skipsBadRows)
    return (
      try sources.map { try $0.read(options, settings, nil, log).candles },
      sources.map(\.path).joined(separator: ", ")
    )
  }
}

/// A database that has no session to compare.
struct UnreadableSession: Error, CustomStringConvertible {
  let description: String
}

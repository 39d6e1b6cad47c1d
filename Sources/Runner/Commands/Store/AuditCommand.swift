import Configuration
import Market
import Persistence
import Reporting
import Simulator

/// `runner audit`: whether a record replays command by command; invariant I9 in the field.
enum AuditCommand {
  static let subcommand = Subcommand(
    words: ["audit"], summary: "replay the record of a database and compare every command",
    options: DatabaseArguments.options([candles] + BacktestAudit.options, "the finding"),
    details: { _, _ in explanation }, run: run)

  private static let candles = CandlePlaces.option.explained(
    """
    Candles: of a backtest where they are now, if they are neither where they were nor beside the \
    database; with --against-backtest other ones than the session's. Of one pair among several: \
    PAIR=FILE, or a folder with the files of all.
    """)

  private static let explanation = """
    A backtest's database holds what happened, not its candles: the run is made
    again from the files it names, whose SHA-256 must be the same. A paper or live
    session's holds all it saw and is replayed alone. Nothing is written.

    Exit code 0 and 'agrees': every event gives the commands that were recorded. 1
    and 'differs': the first event that does not. 3: the database or its candles
    cannot be read.

    --against-backtest: a paper or live session beside the backtest over the same
    candles, those of the record or of --csv. Every order, fill and position that
    differs has a cause: data, latency, price, partial fill, replace window, fee,
    rounding, operator or fault, with what it was worth. 0: all is the same, or
    explained. 1: a rest is not. 3: the session or its candles cannot be read.
    """ + "\n\n" + DatabaseArguments.passwordHelp

  private static func run(_ program: Program, _ invocation: Invocation) throws {
    if invocation.has(BacktestAudit.option) { return try BacktestAudit.run(program, invocation) }
    guard !invocation.has("--html") else {
      throw UsageError.useless("--html", without: BacktestAudit.option)
    }
    let arguments = try DatabaseArguments(
      program, invocation, besides: candleFiles(of: invocation))
    let target = arguments.target
    let finding = try audit(
      try BacktestAudit.read(arguments), at: arguments.path, invocation, by: program)
    if let target {
      var json = JSONWriter()
      finding.write(to: &json)
      try target.write(json.bytes)
    }
    if target?.isStandardOutput != true { try Output.data(finding.text) }
    target?.announce(arguments.log)
    if !finding.agrees { throw SilentFailure() }
  }

  /// The candles that a command line names, which nothing is to be written over.
  static func candleFiles(of invocation: Invocation) -> [(path: String, name: String)] {
    CandleSource.paths(invocation.values("--csv")).map { ($0, "the candles themselves") }
  }

  private static func audit(
    _ store: Store, at path: String, _ invocation: Invocation, by program: Program
  ) throws -> AuditFinding {
    var finding = AuditFinding(path: path, run: store.run, pairs: store.pairs.map(\.product))
    let recorded = try store.reader.lastEvent()
    do {
      switch store.run.keeping {
      case .all:
        let strategy = try strategy(of: store, at: path, program)
        finding.events = try strategy.audit(RecordedRun(store))
      case .changes:
        let file = try ResultFile(path: path, manifestOf: store.run.manifest)
        // Nor over those that the record names.
        _ = try JSONTarget(of: invocation, repeating: file)
        let repeated = try RepeatedRun(of: file, csv: invocation.values("--csv"), by: program)
        let keeper = try RunKeeper(store, isComparing: true)
        _ = try repeated.strategy.keepPortfolio(
          repeated.plan, repeated.candles.map(\.file.candles), keeper,
          { _ in try Interruption.check() })
        try keeper.checkEnd()
        finding.events = recorded
      }
    } catch let error as StoreError {
      switch error.problem {
      case .differs(let event, let was, let now):
        finding.difference = .init(event: event, recorded: was, now: now)
      case .unplayed(let event, let was):
        finding.difference = .init(event: event, recorded: was, now: "nothing: the run is over")
      case .notAStore, .otherRun, .badEvent, .badRow, .badSnapshot, .noBeginning, .nothingToSteer,
        .noSuchPair:
        throw error
      }
    } catch let refusal as RepeatedRun.Refusal {
      finding.refusal = refusal.differences.first.map {
        "\($0.section): recorded \($0.recorded), now \($0.now)"
      }
    }
    return finding
  }

  private static func strategy(
    of store: Store, at path: String, _ program: Program
  ) throws -> StrategyEntry {
    guard let entry = program.strategies.first(where: { $0.name == store.run.strategy }) else {
      let known = program.strategies.map(\.name).joined(separator: ", ")
      throw StoreError(
        path: path,
        problem: .otherRun(
          "its strategy is '\(store.run.strategy)', and this program has \(known)"))
    }
    return entry
  }
}

/// What an audit found.
struct AuditFinding {
  /// The first event whose commands are not those recorded.
  struct Difference {
    var event: Int64
    var recorded: String
    var now: String
  }

  var path: String
  var run: RunRow
  var pairs: [String]
  /// How many events agree.
  var events: Int64 = 0
  var difference: Difference?
  /// Why the run could not be made again: other candles, or a strategy that is gone.
  var refusal: String?

  var agrees: Bool { difference == nil && refusal == nil }

  /// What it comes to, for people; what the record says is shown as somebody else's words.
  var text: String {
    let names = pairs.map { shown($0) }.joined(separator: ", ")
    var lines = ["\(path): \(run.kind.rawValue) of \(names), \(shown(run.strategy))"]
    if let refusal {
      lines.append("differs: the run cannot be made again: \(shown(refusal, atMost: 1000))")
    } else if let difference {
      lines.append("differs at event \(difference.event)")
      lines.append("  recorded  \(shown(difference.recorded, atMost: 1000))")
      lines.append("  now       \(shown(difference.now, atMost: 1000))")
    } else {
      lines.append(
        "agrees: \(events) event\(events == 1 ? "" : "s"), each with the commands that were recorded"
      )
      if run.finished == nil, run.kind == .backtest {
        lines.append("the run was not complete: 'runner backtest --db \(path)' goes on with it")
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  func write(to json: inout JSONWriter) {
    json.beginObject(.lines)
    json.member("format", "ratchet-audit 1")
    json.member("database", path)
    json.member("kind", run.kind.rawValue)
    json.member("agrees", agrees)
    json.member("events", events)
    json.member("refusal", refusal)
    json.key("difference")
    if let difference {
      json.beginObject()
      json.member("event", difference.event)
      json.member("recorded", difference.recorded)
      json.member("now", difference.now)
      json.endObject()
    } else {
      json.null()
    }
    json.endObject()
  }
}

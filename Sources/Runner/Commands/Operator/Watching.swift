import Configuration
import Market
import Persistence
import Reporting

/// What the commands that look at a run are told: the database, and which rows they want.
///
/// Each looks at one moment of the run, and never makes an engine that writes it wait.
struct Watching {
  static let pair = Option("--pair", value: "PAIR", help: "Those of this pair alone.")
  static let limit = Option("--limit", value: "N", help: "The latest N alone.")

  /// `--since` and `--until`, with what lies in between.
  static func times(_ what: String) -> [Option] {
    [
      Option(
        "--since", value: "TIME",
        help: "\(what) at this time or later: 20240101, 20240101T0930 or seconds since 1970, UTC."),
      Option("--until", value: "TIME", help: "\(what) before this time."),
    ]
  }

  static let explanation = """
    Only reads, and may do so while an engine writes: what is shown is of one
    moment. Times are UTC. An ID may be shortened while it is clear what is meant;
    of an order its number, its client order id and the exchange's id will do, too.

    """ + DatabaseArguments.passwordHelp

  let program: Program
  let invocation: Invocation
  let arguments: DatabaseArguments
  private let since: Timestamp?
  private let until: Timestamp?
  private let limit: Int?

  init(_ program: Program, _ invocation: Invocation) throws {
    self.program = program
    self.invocation = invocation
    arguments = try DatabaseArguments(program, invocation)
    since = try Self.time("--since", invocation)
    until = try Self.time("--until", invocation)
    if let since, let until, since >= until {
      throw UsageError.conflict("--since", "--until", why: "the one must come before the other")
    }
    limit = try invocation.value("--limit").map { text in
      guard let limit = Int(text), limit > 0 else {
        throw UsageError.invalid(
          option: "--limit", value: text, expected: "a whole number above 0")
      }
      return limit
    }
  }

  private static func time(
    _ option: String, _ invocation: Invocation
  ) throws(UsageError) -> Timestamp? {
    guard let text = invocation.value(option) else { return nil }
    do throws(TimeRangeError) { return try TimeRange.moment(of: text) } catch {
      throw .refused(option: option, why: "\(error)")
    }
  }

  /// Looks at the store, and says what `answer` makes of it.
  func say(_ answer: WatchingCommand.Answering) throws {
    try arguments.log.recording {
      let (text, json) = try look(answer)
      try arguments.target?.write(json.bytes)
      if arguments.target?.isStandardOutput != true { try Output.data(text) }
      arguments.target?.announce(arguments.log)
    }
  }

  /// Looks at the store: what `answer` makes of it.
  func look(_ answer: WatchingCommand.Answering) throws -> (text: String, json: JSONWriter) {
    try Store.look(at: try arguments.location()) { try answer(Watched($0, self)) }
  }

  /// The rows that the options choose.
  func selection(of store: Store) throws -> Selection {
    Selection(pair: try store.pair(of: invocation), since: since, until: until, limit: limit)
  }
}

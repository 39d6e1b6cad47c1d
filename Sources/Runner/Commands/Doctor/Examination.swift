import Configuration
import LiveBroker
import Market
import Network

/// Everything that is looked at before a live session, in the order in which it is told.
struct Examination: Sendable {
  let arguments: LiveArguments
  let program: Program
  let log: CommandLog
  private let tell: @Sendable (Finding) throws -> Void
  /// What was found out so far.
  private(set) var findings: [Finding] = []
  /// Whether the database has a session already, which goes on with the cash that it knows of.
  var isBegun = false
  /// The portfolio that the key belongs to, where the exchange says.
  var portfolio = ""
  /// What the account has of the currency that pays, once that is known.
  var cash: Money?
  /// What the exchange takes of a taker's fill, once that is known.
  var takerRate: Rate?

  /// An examination of what a command line asks for, which has not begun.
  ///
  /// - Parameters:
  ///   - arguments: Those of the session.
  ///   - program: Who would trade.
  ///   - log: Whom passwords are hidden from.
  ///   - tell: Hears each finding when it is made.
  init(
    _ arguments: LiveArguments, _ program: Program, _ log: CommandLog,
    tell: @escaping @Sendable (Finding) throws -> Void
  ) {
    self.arguments = arguments
    self.program = program
    self.log = log
    self.tell = tell
  }

  var settings: Settings { arguments.settings }
  /// How many lines say that a session would not begin.
  var problems: Int { findings.count { $0.verdict == .problem } }

  /// The last line.
  var conclusion: String {
    let warnings = findings.count { $0.verdict == .warning }
    switch (problems, warnings) {
    case (0, 0): return "A live session would begin."
    case (0, _):
      return
        "A live session would begin; \(warnings == 1 ? "one line is" : "\(warnings) lines are") "
        + "worth reading before."
    case (1, _): return "A live session would not begin: one thing is in its way."
    case (_, _): return "A live session would not begin: \(problems) things are in its way."
    }
  }

  mutating func note(_ finding: Finding) throws {
    findings.append(finding)
    try tell(finding)
  }

  mutating func note(
    _ name: String, _ verdict: Finding.Verdict, _ text: String, advice: String? = nil
  ) throws {
    try note(Finding(name, verdict, text, advice: advice))
  }

  /// Looks at everything; what fails stops only what cannot be asked without it.
  ///
  /// - Parameter loop: Runs the sockets.
  /// - Returns: The examination with its findings.
  /// - Throws: What keeps the findings from being told, and nothing else.
  func made(on loop: EventLoop) async throws -> Examination {
    var examination = self
    try examination.noteSettings()
    try examination.noteLibrary()
    try examination.noteDisk()
    try examination.noteDatabase()
    if let access = try examination.noteAccess(on: loop) {
      try await examination.examine(access)
    }
    return examination
  }

  private mutating func noteSettings() throws {
    let warnings = settings.warnings
    for warning in warnings { try note("settings", .warning, "\(warning)") }
    guard warnings.isEmpty else { return }
    let interval = settings.simulation.interval
    try note(
      "settings", .ok,
      "\(settings.strategyName) on candles of \(interval.seconds) s; "
        + (settings.live.isConfirmed || !arguments.isOnCoinbase
          ? "it would begin without asking"
          : "it would ask for the product's name before it begins"))
  }
}

import Configuration
import LiveBroker
import Network
import Reporting

/// `runner doctor`: whether a live session would begin, and what is in its way.
enum DoctorCommand {
  static let subcommand = Subcommand(
    words: ["doctor"], summary: "look whether a live session would begin, and what is in its way",
    options: options, details: { _, _ in explanation }, run: run)

  private static let options: [Option] =
    [
      Option(
        "--db", value: "FILE",
        help: "The database that the session is to have; it is only looked at.")
    ]
    + LiveArguments.sessionOptions.filter {
      ["--on-exit", "--exchange", "--key"].contains($0.key)
    }.map { $0.titled("Options") }
    + [JSONTarget.option("the findings")]
    + SettingsOptions.options(
      "--config", "--set", "--strategy", "--product", "--interval", "--log-level", "--log-format")

  private static let explanation = """
    Give it the options of the session that you mean to start, on Coinbase or with
    --exchange. A rehearsal needs none of this: --sandbox, and what 'runner live'
    takes with it alone, are unknown here. It asks the exchange and looks at this
    machine; it places no order and changes nothing. Each line is ok, or says what
    to do:

      ok    as it should be
      warn  a session would begin; know this before
      FAIL  a session would not begin, or could not do what it has to
      ?     nobody can tell from here

    Exits with 0 unless a line says FAIL, then with 1. The stop-limit is tried by a
    preview, which says that the exchange knows such orders; no preview proves that
    the next stop will be taken.
    """

  private static func run(_ program: Program, _ invocation: Invocation) throws {
    let arguments = try LiveArguments(program, invocation, isPaper: false)
    let files = [(arguments.database, "the database")].filter { !$0.0.isEmpty }
    let target = try JSONTarget(
      invocation,
      besides: files + invocation.values("--config").map { ($0, "a configuration") })
    let log = CommandLog(arguments.settings.logging, of: program)
    try log.recording {
      let isTold = target?.isStandardOutput != true
      if isTold {
        try Output.data(
          "A live session of \(arguments.names.joined(separator: ", ")) on \(arguments.place):\n\n")
      }
      let begin = Examination(arguments, program, log) { finding in
        // Said when found: the exchange may take its time with the next one.
        if isTold { try Output.data(finding.lines.joined(separator: "\n") + "\n") }
      }
      let examination = try BlockingTask.run {
        try await EventLoop.running { loop in try await begin.made(on: loop) }
      }
      if let signal = Interruption.signal { throw Interrupted(signal: signal) }
      try target?.write(document(examination, by: program))
      if isTold { try Output.data("\n\(examination.conclusion)\n") }
      target?.announce(log)
      guard examination.problems == 0 else { throw SilentFailure() }
    }
  }

  private static func document(_ examination: Examination, by program: Program) -> [UInt8] {
    var json = JSONWriter()
    json.beginDocument("ratchet-doctor 1", by: program.identity)
    json.member("exchange", examination.arguments.place)
    json.member("ready", examination.problems == 0)
    json.key("checks")
    json.beginArray(.lines)
    for finding in examination.findings { finding.write(to: &json) }
    json.endArray()
    json.endObject()
    return json.bytes
  }
}

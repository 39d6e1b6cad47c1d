import Configuration
import Market
import Reporting
import Simulator
import Telemetry

/// `runner data resample`: longer candles from shorter ones.
enum DataResampleCommand {
  static let subcommand = Subcommand(
    words: ["data", "resample"], summary: "make longer candles from a CSV file of shorter ones",
    operands: ["FILE"],
    options: [
      Option(
        "--interval", value: "SECONDS", isRequired: true,
        help: "The length of the new candles, a multiple of that of the file's."),
      Option(
        "--output", "-o", value: "FILE", isRequired: true,
        help: "Where to write; - is standard output."),
      JSONTarget.option("what was made"),
      Option(
        "--from", value: "SECONDS",
        help:
          "The length of the file's candles; otherwise the step that most of the first are apart."
      ),
      Option(
        "--whole-only",
        help: "Leave out new candles that lack some of the file's, at the ends and at gaps."),
    ] + CandleFileArguments.options
      + SettingsOptions.options("--on-bad-row", "--log-level", "--log-format"),
    details: { _, _ in
      """
      A new candle opens with the first of the file's candles in it, closes with the
      last, and has the highest high, the lowest low and the exact sum of volumes. It
      starts at a multiple of its length since 1970-01-01 00:00 UTC. Nothing is made
      up: where the file has no candle at all, there will be none.
      """
    }, run: run)

  private static func run(_ program: Program, _ invocation: Invocation) throws {
    let path = invocation.operands[0]
    guard let target = invocation.value("--output") else {
      throw UsageError.missing("--output FILE")
    }
    guard !FileIdentity.areSame(target, path) else {
      throw UsageError.invalid(
        option: "--output", value: target, expected: "another file than the candles themselves")
    }
    let jsonTarget = try JSONTarget(
      invocation,
      besides: [(path, "the candles themselves"), (target, "that of the candles (--output)")])
    let settings = try SettingsOptions.settings(program, invocation)
    let interval = settings.simulation.interval
    var options = try CandleFileArguments.options(
      invocation, interval: interval, skipsBadRows: settings.simulation.skipsBadRows)
    options.interval = try source(path, options, invocation)
    guard interval > options.interval,
      interval.nanoseconds % options.interval.nanoseconds == 0
    else {
      throw UsageError.invalid(
        option: "--interval", value: "\(interval.seconds)",
        expected: "a multiple of the \(options.interval.seconds) s of the file's candles")
    }
    let log = CommandLog(settings.logging, of: program)
    var json = JSONWriter()
    json.beginDocument("ratchet-data-resample 1", by: program.identity)
    json.member("csv", path)
    json.member("from", options.interval.seconds)
    json.member("interval", interval.seconds)
    let (counts, bad) = try log.recording {
      var output = try CandleOutput.open(target, isHashed: jsonTarget != nil)
      let made = try resample(
        path, options, &output,
        CandleResampler(
          from: options.interval, to: interval, wholeOnly: invocation.has("--whole-only")))
      output.describe(to: &json)
      return made
    }
    json.member("read", counts.read)
    json.member("incomplete", counts.incomplete)
    json.member("dropped", counts.dropped)
    json.member("empty", counts.empty)
    json.member("bad_rows", bad)
    json.endObject()
    try jsonTarget?.write(json.bytes)
    log.notice(
      text(counts, bad, options.interval, interval),
      [
        "file": "\(target)", "read": LogValue(counts.read), "written": LogValue(counts.written),
        "incomplete": LogValue(counts.incomplete), "dropped": LogValue(counts.dropped),
        "empty": LogValue(counts.empty), "bad_rows": LogValue(bad),
      ])
    jsonTarget?.announce(log)
  }

  /// The length of the file's candles, as told or as found.
  private static func source(
    _ path: String, _ options: CandleFileOptions, _ invocation: Invocation
  ) throws -> TimeSpan {
    if let text = invocation.value("--from") {
      guard let seconds = Int64(text), (1...604_800).contains(seconds) else {
        throw UsageError.invalid(
          option: "--from", value: text, expected: "a whole number from 1 to 604800")
      }
      return TimeSpan(seconds: seconds)
    }
    // A file that cannot be read is to be refused for that.
    guard FileIdentity.isRegular(path),
      let found = CandleFile.usualInterval(path: path, options: options)
    else {
      _ = try CandleFile.read(path: path, options: options) { _ in false }
      throw UsageError.missing(
        "the length of the candles in \(path) cannot be told: --from SECONDS")
    }
    return found
  }

  private static func resample(
    _ path: String, _ options: CandleFileOptions, _ output: inout CandleOutput,
    _ start: CandleResampler
  ) throws -> (counts: CandleResampler.Counts, badRows: Int) {
    var resampler = start
    var failure: (any Error)?
    let quality = try CandleFile.read(path: path, options: options) { piece in
      do {
        try Interruption.check()
        for candle in piece {
          if let longer = try resampler.add(candle) { try output.write(longer) }
        }
        return true
      } catch {
        failure = error
        return false
      }
    }
    if let failure { throw failure }
    if let longer = resampler.finish() { try output.write(longer) }
    try output.finish()
    return (resampler.counts, quality.badRows)
  }

  private static func text(
    _ counts: CandleResampler.Counts, _ badRows: Int, _ source: TimeSpan, _ interval: TimeSpan
  ) -> String {
    var lines = [
      "\(counts.read) candles of \(source.seconds) s made \(counts.written) of "
        + "\(interval.seconds) s"
    ]
    if counts.incomplete > 0 {
      lines.append(
        counts.dropped > 0
          ? "\(counts.incomplete) lack candles of the file and were left out"
          : "\(counts.incomplete) of them lack candles of the file and were made of those that are "
            + "there")
    }
    if counts.empty > 0 { lines.append("\(counts.empty) have none at all and are left out") }
    if badRows > 0 { lines.append("\(badRows) bad rows were skipped") }
    return lines.joined(separator: "\n")
  }
}

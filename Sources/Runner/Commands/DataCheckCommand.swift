import Configuration
import Market
import Reporting
import Simulator
import Telemetry

/// `runner data check`: what is in a file of candles, and whether a backtest takes it.
enum DataCheckCommand {
  static let subcommand = Subcommand(
    words: ["data", "check"],
    summary: "say what is in a file of candles, and what is odd",
    operands: ["FILE"],
    options: [
      JSONTarget.option("the findings"),
      Option(
        "--interval", value: "SECONDS",
        help: "The candles' length; otherwise the step that most of the first ones are apart."),
    ] + CandleFileArguments.options + SettingsOptions.options("--log-level", "--log-format"),
    details: { _, _ in
      """
      Looks at every row and never stops at a bad one. Finds missing and duplicate
      candles, disorder, bad rows with their reason, candles without volume, prices
      that jump out of their neighbourhood, and a last candle that looks unfinished.

      Exits with 0 where a backtest takes the file, and with 3 where it refuses it.
      """
    }, run: run)

  private static func run(_ program: Program, _ invocation: Invocation) throws {
    let path = invocation.operands[0]
    let target = try JSONTarget(invocation, besides: [(path, "the candles themselves")])
    let settings = try SettingsOptions.settings(program, invocation)
    var options = try CandleFileArguments.options(
      invocation, interval: settings.simulation.interval, skipsBadRows: true)
    var problem: String?
    if invocation.value("--interval") == nil, FileIdentity.isRegular(path),
      let found = CandleFile.usualInterval(path: path, options: options)
    {
      options.interval = found
      problem = reason(against: found, program)
    }
    let log = CommandLog(settings.logging, of: program)
    let file = try log.recording {
      try CandleFile.read(
        path: path, goesOn: { _ in Interruption.signal == nil }, options: options)
    }
    let report = CheckReport(
      source: path, file, interval: options.interval, otherProblem: problem)
    log.logger.info(
      "checked candles",
      [
        "file": "\(path)", "candles": LogValue(report.check.count),
        "bad_rows": LogValue(file.quality.badRows), "gaps": LogValue(report.check.gaps),
        "outliers": LogValue(report.check.outliers),
      ])
    try target?.write(report.json(by: program.identity))
    if target?.isStandardOutput != true { try Output.data(CheckSummary(report).description) }
    target?.announce(log)
    if case .refused = report.verdict { throw SilentFailure(code: .data) }
  }

  /// Why no backtest can have this interval; `nil` where one can.
  private static func reason(against interval: TimeSpan, _ program: Program) -> String? {
    do {
      _ = try Settings(
        flags: [FlagSetting("--interval", sets: "simulation.interval", to: "\(interval.seconds)")],
        strategies: program.strategyKeys)
      return nil
    } catch {
      return "\(error)"
    }
  }
}

extension CheckReport {
  /// What was found in a file that was read with its bad rows skipped.
  init(source: String, _ file: CandleFile, interval: TimeSpan, otherProblem: String?) {
    var verdict = otherProblem.map(Verdict.refused) ?? .accepted
    let count = file.quality.badRows
    if let first = file.quality.bad.first {
      verdict = .refused(
        "\(count == 1 ? "a row is" : "\(count) rows are") no valid candle, "
          + "\(count == 1 ? "" : "the first one ")in line \(first.line): \(first.reason). "
          + "Mend \(count == 1 ? "it" : "them"), or drop \(count == 1 ? "it" : "them") "
          + "with --on-bad-row skip.")
    }
    self.init(
      source: source, check: CandleCheck(file.candles, interval: interval), data: file.quality,
      verdict: verdict)
  }
}

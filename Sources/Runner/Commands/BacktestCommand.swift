import Configuration
import Execution
import Glibc
import Market
import Matching
import Reporting
import Simulator
import Strategy

/// `runner backtest`: a strategy against a file of candles.
enum BacktestCommand {
  static let subcommand = Subcommand(
    words: ["backtest"], summary: "play a strategy against a CSV file of candles",
    options: [
      Option(
        "--csv", value: "FILE", isRequired: true,
        help: """
          Candles: a header with timestamp (or time, date, open_time, start), open, high, low, \
          close, volume in any order.
          """),
      Option("--trades", help: "List every trade."),
      Option(
        "--json", value: "FILE",
        help: """
          Write the result as JSON; - is standard output, which then holds nothing else.
          """),
      Option("--equity", help: "Add the equity after each candle to the JSON."),
    ] + CandleFileArguments.options + SettingsOptions.options + [
      Option(
        "--every-point",
        help: """
          Walk candles that touch no order as well. The result is the same, only slower: a check \
          of Ratchet itself.
          """)
    ],
    details: SettingsOptions.keyHelp, run: run)

  private static func run(_ program: Program, _ invocation: Invocation) throws {
    guard let path = invocation.value("--csv") else { throw UsageError.missing("--csv FILE") }
    guard !invocation.has("--equity") || invocation.has("--json") else {
      throw UsageError.useless("--equity", without: "--json FILE")
    }
    let settings = try SettingsOptions.settings(program, invocation)
    guard let entry = program.strategies.first(where: { $0.name == settings.strategyName }) else {
      preconditionFailure("the configuration chose '\(settings.strategyName)', which is unknown")
    }
    if let target = invocation.value("--json"), isSameFile(target, path) {
      throw UsageError.invalid(
        option: "--json", value: target, expected: "another file than the candles themselves")
    }
    let identity = FileIdentity(path: path)
    let options = try CandleFileArguments.options(invocation, settings.simulation)
    let file = try CandleFile.read(path: path, options: options)
    warn(program, of: file, path, interval: settings.simulation.interval)
    let result = try backtest(
      entry, settings, file, source: path, everyPoint: invocation.has("--every-point"),
      withIndicators: invocation.has("--json"))
    if let target = invocation.value("--json") {
      var output = try OutputFile(target)
      let manifest = Manifest(
        program: program.identity, data: try identity.fingerprint(),
        reading: Manifest.Reading(options), settings: result.settings)
      try ResultDocument(result, manifest: manifest, includesEquity: invocation.has("--equity"))
        .write { bytes throws(OutputError) in try output.write(bytes) }
      try output.finish()
      if target == "-" { return }
    }
    try Output.data(ConsoleSummary(result).description)
    if invocation.has("--trades") { try Output.data("\n" + TradesTable(result).description) }
    if let target = invocation.value("--json") { Output.message("wrote \(target)") }
  }

  /// Whether two paths lead to one file, so that writing one would destroy the other.
  private static func isSameFile(_ left: String, _ right: String) -> Bool {
    var (a, b) = (stat(), stat())
    guard stat(left, &a) == 0, stat(right, &b) == 0 else { return false }
    return a.st_dev == b.st_dev && a.st_ino == b.st_ino
  }

  /// Says what is odd about a file, and no reason to refuse it.
  private static func warn(
    _ program: Program, of file: CandleFile, _ path: String, interval: TimeSpan
  ) {
    if let first = file.quality.bad.first {
      let count = file.quality.badRows
      let skipped = count == 1 ? "Skipped this row." : "Skipped \(count) rows, this one first."
      program.say("\(path):\(first.line): \(first.reason). \(skipped)")
    }
    if let step = file.usualStep, step != interval {
      program.say(
        "\(path): most candles are \(step.seconds) s apart, and the interval is "
          + "\(interval.seconds) s. If they are candles of \(step.seconds) s, pass --interval "
          + "\(step.seconds)")
    }
  }

  /// Runs the plan that the settings describe.
  static func backtest(
    _ entry: StrategyEntry, _ settings: Settings, _ file: CandleFile, source: String,
    everyPoint: Bool = false, withIndicators: Bool = true
  ) throws -> RunResult {
    var plan = BacktestPlan(settings)
    plan.walksEveryCandle = everyPoint
    let outcome = try entry.run(plan, file.candles, nil)
    return RunResult(
      source: source, product: settings.product, interval: settings.simulation.interval,
      candles: file.candles, data: file.quality,
      settings: settings.all.map { .init(key: $0.key, value: $0.text) },
      changed: settings.all.filter { !$0.isDefault }.map { .init(key: $0.key, value: $0.text) },
      startingCash: settings.simulation.cash,
      trail: settings["exit.trail"].flatMap { setting in
        if case .rate(let trail) = setting.value { trail } else { nil }
      },
      record: outcome.record, openPosition: outcome.openPosition,
      workingOrders: outcome.workingOrders,
      indicators: withIndicators ? try entry.indicators(plan, file.candles) : [])
  }
}

extension BacktestPlan {
  /// The plan that settings describe.
  init(_ settings: Settings) {
    let simulation = settings.simulation
    guard let path = CandlePath(rawValue: simulation.path) else {
      preconditionFailure("simulation.path was checked, but is '\(simulation.path)'")
    }
    self.init(
      engine: EngineSettings(
        product: settings.product, interval: simulation.interval,
        positionSize: settings.positionSize, takerRate: simulation.takerRate),
      cash: simulation.cash,
      model: MarketModel(
        slippage: simulation.slippage, makerRate: simulation.makerRate,
        takerRate: simulation.takerRate, participation: simulation.participation,
        fillsOnTouch: simulation.fillsOnTouch, path: path),
      strategy: settings.strategy, exit: settings.exit)
  }
}

import Configuration
import Reporting

/// `runner backtest --path both`: the run with the high of each candle first, the run with the low
/// first, and each figure as an interval between the two; SEMANTICS 6.1.
enum PathIntervalCommand {
  /// The word that asks for it; a value of the flag alone, since a single run has one order.
  static let word = "both"

  /// The flag of a backtest, which has one word more than the setting.
  static let option: Option = {
    let setting = SettingsOptions.options("--path")[0]
    guard case .words(let words) = setting.choices else {
      preconditionFailure("simulation.path is no choice")
    }
    return Option(
      setting.key, value: setting.value, choices: .words(words + [word]),
      help: """
        \(setting.help) With \(word), runs high-first and low-first and shows each figure as an \
        interval.
        """)
  }()

  /// What shows one run, and so cannot show two.
  private static let singleRunOptions = [
    "--html", "--trades", "--breakdown", "--equity", "--export-freqtrade",
  ]

  static func isAsked(by invocation: Invocation) -> Bool { invocation.value("--path") == word }

  static func run(_ program: Program, _ invocation: Invocation) throws {
    for option in singleRunOptions where invocation.has(option) {
      throw UsageError.conflict(
        "--path \(word)", option,
        why: "it shows one run, and these are two; choose --path high-first or --path low-first")
    }
    func arguments(_ path: String) throws -> BacktestArguments {
      try BacktestArguments(program, invocation.replacing("--path", with: path))
    }
    let (highFirst, lowFirst) = (try arguments("high-first"), try arguments("low-first"))
    let log = CommandLog(highFirst.settings.logging, of: program)
    try log.recording {
      guard highFirst.settings.pairs.isEmpty else {
        throw UsageError.conflict(
          "--path \(word)", "pairs",
          why: "it shows runs of one; choose --path high-first or --path low-first")
      }
      let source = highFirst.sources[0]
      let identity = FileIdentity(path: source.path)
      let file = try highFirst.readCandles(of: source, log)
      func play(_ arguments: BacktestArguments) throws -> RunResult {
        let watch = Stopwatch()
        let result = try BacktestRun(
          arguments.strategy, arguments.settings, file, source: source.path,
          walksEveryCandle: arguments.walksEveryCandle
        ).play(withIndicators: false)
        log.finished([result], after: watch)
        return result
      }
      let interval = PathInterval(highFirst: try play(highFirst), lowFirst: try play(lowFirst))
      let target = try JSONTarget(invocation)
      if let target {
        var manifest = try BacktestOutput(highFirst, program, [identity], log)
          .manifest(of: interval.highFirst)
        for index in manifest.settings.indices
        where manifest.settings[index].key == "simulation.path" {
          manifest.settings[index].value = word
        }
        try target.write(PathIntervalDocument(interval, manifest: manifest).bytes)
      }
      if target?.isStandardOutput != true {
        try Output.data(PathIntervalSummary(interval).description)
      }
      target?.announce(log)
    }
  }
}

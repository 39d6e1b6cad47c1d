import Foundation
import Testing

@testable import Runner

@Suite("How the program ends")
struct ExitCodeTests {
  /// A command line that fails, and all that it then says on standard error.
  struct Failure: CustomTestStringConvertible, Sendable {
    let arguments: [String]
    let code: ExitCode
    let message: String
    var testDescription: String { arguments.joined(separator: " ") }

    init(_ arguments: String, _ code: ExitCode, _ message: String) {
      self.init(arguments.split(separator: " ").map(String.init), code, message)
    }

    init(_ arguments: [String], _ code: ExitCode, _ message: String) {
      self.arguments = arguments
      self.code = code
      self.message = message
    }
  }

  /// The run itself fails: money overflows, the result cannot be written.
  private static let failed = [
    Failure(
      ["backtest", "--csv", "overflowing.csv"] + CandleTexts.overflowArguments, .failed,
      """
      runner: BTC-USD at 2024-01-01T00:20:00Z: the account is worth more than 1.6e19, the most \
      Ratchet can count exactly. Check the prices there, or start with less cash (--cash).
      """),
    Failure(
      "backtest --csv short.csv --json nowhere/run.json", .failed,
      """
      runner: cannot write nowhere/run.json: No such file or directory. Choose another place, or \
      make room there.
      """),
    Failure(
      "backtest --csv short.csv --json folder", .failed,
      "runner: cannot write folder: Is a directory. Choose another place, or make room there."),
    Failure(
      "data synth --count 5 -o short.csv/candles.csv", .failed,
      """
      runner: cannot write short.csv/candles.csv: Not a directory. Choose another place, or make \
      room there.
      """),
  ]

  private static let usage = [
    Failure(
      "bactest", .usage,
      """
      runner: unknown command 'bactest'; did you mean 'backtest'?
      See 'runner --help'.
      """),
    Failure(
      "purchase", .usage,
      """
      runner: unknown command 'purchase'
      See 'runner --help'.
      """),
    Failure(
      "help purchase", .usage,
      """
      runner: unknown command 'purchase'
      See 'runner --help'.
      """),
    Failure(
      "--versoin", .usage,
      """
      runner: unknown option '--versoin'; did you mean '--version'?
      See 'runner --help'.
      """),
    Failure(
      "data", .usage,
      """
      runner: 'runner data' is incomplete: add check, resample or synth
      See 'runner data --help'.
      """),
    Failure(
      "config --set exit.trail=0.03", .usage,
      """
      runner: 'runner config' is incomplete: add check or show
      See 'runner config --help'.
      """),
    Failure(
      "config chekc", .usage,
      """
      runner: unknown command 'config chekc'; did you mean 'config check'?
      See 'runner config --help'.
      """),
    Failure(
      "backtest", .usage,
      """
      runner: --csv FILE is missing
      See 'runner backtest --help'.
      """),
    Failure(
      "backtest --csv short.csv --equity", .usage,
      """
      runner: --equity does nothing without --json FILE
      See 'runner backtest --help'.
      """),
    Failure(
      "backtest --csv short.csv --delimiter pipe", .usage,
      """
      runner: --delimiter is 'pipe', expected comma, semicolon, tab
      See 'runner backtest --help'.
      """),
    Failure(
      "backtest --csv short.csv --timerange 2024", .usage,
      """
      runner: --timerange: '2024' is no time range: write FROM-TO, such as 20240101-20240601, \
      20240101- or -20240601
      See 'runner backtest --help'.
      """),
    Failure(
      "backtest --csv short.csv --breakdown year", .usage,
      """
      runner: --breakdown is 'year', expected day, week or month
      See 'runner backtest --help'.
      """),
    Failure(
      "backtest --csv short.csv --breakdown day --breakdown day", .usage,
      """
      runner: --breakdown day was given twice; once is enough
      See 'runner backtest --help'.
      """),
    Failure(
      "backtest --csv short.csv --csv ETH-USD=short.csv", .usage,
      """
      runner: --csv: of several files each needs its pair: write --csv BTC-USD=short.csv, for example
      See 'runner backtest --help'.
      """),
    Failure(
      "backtest --csv A=short.csv --csv A=empty.csv", .usage,
      """
      runner: --csv A=… was given twice; once is enough
      See 'runner backtest --help'.
      """),
    Failure(
      "backtest --csv =short.csv", .usage,
      """
      runner: --csv is '=short.csv', expected FILE, FOLDER or PAIR=FILE
      See 'runner backtest --help'.
      """),
    Failure(
      "backtest --csv A=short.csv --csv BTC-USD=short.csv --csv ETH-EUR=short.csv", .usage,
      """
      runner: BTC-USD and ETH-EUR do not go together: a pair is named BASE-QUOTE, these are paid in \
      USD and EUR, and one account has one currency; run those of each currency alone
      See 'runner backtest --help'.
      """),
    Failure(
      "backtest --csv A=short.csv --product B", .usage,
      """
      runner: --product and pairs do not go together: each is named where its candles are
      See 'runner backtest --help'.
      """),
    Failure(
      "backtest --csv A=short.csv --export-freqtrade out", .usage,
      """
      runner: --export-freqtrade and pairs do not go together: its file is of one; run each alone
      See 'runner backtest --help'.
      """),
    Failure(
      "backtest --csv A=short.csv --path both", .usage,
      """
      runner: --path both and pairs do not go together: it shows runs of one; choose --path \
      high-first or --path low-first
      See 'runner backtest --help'.
      """),
    Failure(
      "backtest --csv short.csv -c pairs.yaml", .usage,
      """
      runner: --csv: the configuration has 2 pairs, and 'short.csv' names none: write --csv \
      ETH-USD=FILE, and so on for each
      See 'runner backtest --help'.
      """),
    Failure(
      "backtest --csv A=short.csv --csv B=short.csv --json short.csv", .usage,
      """
      runner: --json is 'short.csv', expected another file than the candles themselves
      See 'runner backtest --help'.
      """),
    Failure(
      "data synth --count 0", .usage,
      """
      runner: --count is '0', expected a whole number from 1 to 50000000
      See 'runner data synth --help'.
      """),
    Failure(
      "data synth --start 1", .usage,
      """
      runner: --start is '1', expected a multiple of the interval of 300 s
      See 'runner data synth --help'.
      """),
    Failure(
      "data synth --tick 7", .usage,
      """
      runner: --price is '40000', expected a multiple of the tick of 7
      See 'runner data synth --help'.
      """),
  ]

  private static let data = [
    Failure(
      "backtest --csv nowhere.csv", .data,
      """
      runner: nowhere.csv: cannot be read: No such file or directory. Check the path and its \
      permissions.
      """),
    Failure(
      "backtest --csv folder", .data,
      """
      runner: folder holds no file whose name ends in .csv, such as BTC-USD.csv. Name a folder that \
      does, or the files: --csv BTC-USD=FILE
      """),
    Failure(
      "backtest --csv BTC-USD=short.csv --csv ETH-USD=folder", .data,
      "runner: folder: cannot be read: Is a directory. Check the path and its permissions."),
    Failure(
      "backtest --csv empty.csv", .data,
      """
      runner: empty.csv: the file is empty. It needs a header such as \
      timestamp,open,high,low,close,volume and rows.
      """),
    Failure(
      "backtest --csv twoBadRows.csv", .data,
      """
      runner: twoBadRows.csv:3: its low 11 is above its open or close. Mend the row, or drop rows \
      like it with --on-bad-row skip.
      """),
    Failure(
      "backtest --csv short.csv --timerange 20250101-", .data,
      """
      runner: short.csv: no candle starts in 20250101-. The first starts at 2024-01-01T00:00:00Z, \
      the last at 2024-01-01T00:20:00Z.
      """),
    Failure(
      "backtest --csv short.csv --interval 3600", .data,
      """
      runner: short.csv:3: its start 2024-01-01T00:05:00Z is no multiple of the interval of 3600 s. \
      Most rows are 300 s apart: pass --interval 300
      """),
  ]

  private static let configuration = [
    Failure(
      "backtest --csv short.csv --set exit.trial=0.03", .configuration,
      "runner: --set: exit has no key 'trial'; did you mean 'trail'?"),
    Failure(
      "config check -c nowhere.yaml", .configuration,
      "runner: -c: cannot read 'nowhere.yaml': No such file or directory; check the path"),
    Failure(
      "config show -c wrong.yaml", .configuration,
      """
      runner: wrong.yaml:2:10: exit.trail is '2', expected a decimal above 0 and below 1
      runner: wrong.yaml:3:1: there is no section 'simulator'; did you mean 'simulation'?
      """),
    Failure(
      "config check --interval 7", .configuration,
      """
      runner: --interval: simulation.interval: 7 seconds must be divisible by 3, as 60, 300, 900 \
      and 3600 are
      """),
    Failure(
      "backtest --csv ETH-USD=short.csv -c pairs.yaml", .configuration,
      "runner: pairs.yaml:3:15: pair 'BTC-USD' has no candles; add --csv BTC-USD=FILE, or delete the pair"
    ),
    Failure(
      "backtest --csv ETH-USD=short.csv --set ETC-USD:exit.trail=0.1", .configuration,
      "runner: --set: there is no pair 'ETC-USD'; did you mean 'ETH-USD'?"),
    Failure(
      "backtest --csv nowhere.csv --strategy confluense", .configuration,
      """
      runner: --strategy: strategy.name is 'confluense', expected confluence or sma_cross \
      (did you mean 'confluence'?)
      """),
  ]

  @Test(
    "A failure has its code, its message, and nothing else",
    arguments: failed + usage + data + configuration)
  func fails(_ failure: Failure) async throws {
    let folder = try Self.folder()
    let before = try folder.names
    let run = try await RunnerProcess.run(failure.arguments, in: folder)
    #expect(run.code == failure.code.rawValue)
    #expect(run.errors == failure.message + "\n")
    #expect(run.outputText == "")
    #expect(try folder.names == before, "a failing run leaves no file behind")
  }

  @Test func `a bare call prints the overview, but as an error`() async throws {
    let folder = try TemporaryFolder()
    let bare = try await RunnerProcess.run([], in: folder)
    let asked = try await RunnerProcess.run(["--help"], in: folder)
    #expect(bare.code == 2)
    #expect(bare.outputText == "")
    #expect(asked.code == 0)
    #expect(asked.errors == "")
    #expect(bare.errors == asked.outputText)
  }

  @Test(
    "Help is asked for before or after the command, and is data",
    arguments: Program.subcommands.map(\.words) + [["data"], ["config"]])
  func help(_ words: [String]) async throws {
    let folder = try TemporaryFolder()
    let after = try await RunnerProcess.run(words + ["--help"], in: folder)
    #expect(after.code == 0)
    #expect(after.errors == "")
    #expect(after.outputText.contains("Usage: runner \(words.joined(separator: " ")) "))
    for same in [words + ["-h"], ["help"] + words, ["--help"] + words] {
      let run = try await RunnerProcess.run(same, in: folder)
      #expect(run.code == 0)
      #expect(run.output == after.output, "\(same)")
    }
  }

  @Test func `the version is data`() async throws {
    let run = try await RunnerProcess.run(["--version"], in: TemporaryFolder())
    #expect(run.code == 0)
    #expect(run.outputText == "ratchet \(Program.version)\n")
    #expect(run.errors == "")
  }

  @Test(
    "A full standard output is a failure, for text and JSON",
    arguments: [
      "--version", "--help", "config show", "data synth", "backtest --csv short.csv",
      "backtest --csv short.csv --json -",
    ])
  func fullOutput(_ arguments: String) async throws {
    let folder = try Self.folder()
    let run = try await RunnerProcess.shell("exec \"$RUNNER\" \(arguments) > /dev/full", in: folder)
    #expect(run.code == 1)
    #expect(run.errors == "runner: cannot write to standard output: No space left on device\n")
  }

  @Test(
    "A reader that goes away does not keep the program running",
    arguments: ["data synth --count 200000", "backtest --csv long.csv --json - --equity"])
  func closedOutput(_ arguments: String) async throws {
    let folder = try TemporaryFolder()
    let made = try await RunnerProcess.run(
      ["data", "synth", "--count", "5000", "-o", "long.csv"], in: folder)
    #expect(made.code == 0)
    let run = try await RunnerProcess.shell("\"$RUNNER\" \(arguments) | head -n 1", in: folder)
    #expect(run.code == 0, "the code of a pipe is that of `head`")
    #expect(run.outputText.split(separator: "\n").count == 1)
    // Where the parent ignores SIGPIPE, so does the child, and is told by `write` instead.
    #expect(["", "runner: cannot write to standard output: Broken pipe\n"].contains(run.errors))
  }

  private static func folder() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try folder.write(CandleTexts.short, to: "short.csv")
    try folder.write(CandleTexts.twoBadRows, to: "twoBadRows.csv")
    try folder.write(CandleTexts.overflowing, to: "overflowing.csv")
    try folder.write("", to: "empty.csv")
    try folder.write("exit:\n  trail: 2\nsimulator:\n  cash: 1\n", to: "wrong.yaml")
    try folder.write(
      "pairs:\n- product_id: ETH-USD\n- product_id: BTC-USD\n", to: "pairs.yaml")
    try FileManager.default.createDirectory(
      at: folder.url.appending(path: "folder"), withIntermediateDirectories: false)
    return folder
  }
}

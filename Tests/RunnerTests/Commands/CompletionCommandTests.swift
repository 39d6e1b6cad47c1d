import Foundation
import Testing

@testable import Runner

@Suite("runner completion")
struct CompletionCommandTests {
  /// What the bash of this machine offers for a command line whose last word is being typed.
  private static func offers(
    _ words: [String], in folder: borrowing TemporaryFolder, program: String = "runner"
  ) async throws -> [String] {
    let quoted = words.map(shellQuoted).joined(separator: " ")
    let run = try await RunnerProcess.bash(
      """
      source <("$RUNNER" completion bash)
      COMP_WORDS=(runner \(quoted))
      COMP_CWORD=\(words.count)
      _runner
      printf '%s\\n' "${COMPREPLY[@]}"
      """, in: folder)
    #expect(run.code == 0)
    #expect(run.errors == "")
    return run.outputText.split(separator: "\n").map(String.init).sorted()
  }

  private static let firstWords = Set(
    ["--help", "--version", "help"] + Program.subcommands.map { $0.words[0] }
  ).sorted()

  static let cases: [(words: [String], offers: [String])] = [
    ([""], firstWords),
    (["ba"], ["backtest"]),
    (["data", ""], ["--help", "check", "resample", "synth"]),
    (["db", "migrate", ""], ["apply", "list", "rollback"]),
    (["backtest", "--set", "persistence.enc"], ["persistence.encryption_password_file="]),
    (["help", "data", "ch"], ["check"]),
    (["completion", ""], ["bash", "zsh"]),
    (["backtest", "--str"], ["--strategy"]),
    (["backtest", "--strategy", ""], ["confluence", "sma_cross"]),
    (["backtest", "--path", ""], ["both", "high-first", "low-first", "nearest"]),
    (["config", "show", "--path", ""], ["high-first", "low-first", "nearest"]),
    (["backtest", "--path=n"], ["--path=nearest"]),
    (["backtest", "--trades", "--breakdown", ""], ["day", "month", "week"]),
    (["data", "check", "--delimiter", ""], ["comma", "semicolon", "tab"]),
    (["backtest", "--column", "v"], ["volume="]),
    (["backtest", "--set", "exit.tr"], ["exit.trail="]),
    (["backtest", "--set", "exit.atr_m"], ["exit.atr_multiple="]),
    (["backtest", "--set", "strategy.name=c"], ["strategy.name=confluence"]),
    (["backtest", "--set=simulation.path=l"], ["--set=simulation.path=low-first"]),
    (["backtest", "--cash", ""], []),
    (["backtest", "--csv", "c"], ["candles and more.csv", "candles.csv"]),
    (["backtest", "--export-freqtrade", ""], ["folder"]),
    (["config", "check", "-c", "run.y"], ["run.yaml"]),
    (["verify", "r"], ["run.json", "run.yaml"]),
    (["data", "check", "candles."], ["candles.csv"]),
    // As readline splits at `=`: what it replaces is the last part alone.
    (["backtest", "--path", "=", "n"], ["nearest"]),
    (["backtest", "--path", "="], ["both", "high-first", "low-first", "nearest"]),
    (["backtest", "--set", "simulation.path", "=", "l"], ["low-first"]),
    (["backtest", "--set", "simulation.fill_on_touch", "="], ["false", "true"]),
    (["backtest", "--csv", "=", "candles."], ["candles.csv"]),
  ]

  @Test("bash offers what can stand there", arguments: cases)
  func bash(_ words: [String], _ offers: [String]) async throws {
    let folder = try TemporaryFolder()
    for name in ["candles.csv", "candles and more.csv", "run.json", "run.yaml"] {
      try folder.write("", to: name)
    }
    try FileManager.default.createDirectory(
      at: folder.url.appending(path: "folder"), withIntermediateDirectories: false)
    #expect(try await Self.offers(words, in: folder) == offers)
  }

  @Test("Every option of every command is offered", arguments: Program.subcommands.map(\.words))
  func options(_ words: [String]) async throws {
    let command = try #require(Program.subcommands.first { $0.words == words })
    let offers = try await Self.offers(words + ["-"], in: TemporaryFolder())
    #expect(offers == command.allOptions.flatMap(\.names).sorted())
    let zsh = ZshCompletion(CompletionTable(Program(strategies: []))).script
    for name in offers { #expect(zsh.contains(name), "\(name)") }
  }

  @Test func `another program completes under its own name`() async throws {
    let folder = try TemporaryFolder()
    let run = try await RunnerProcess.bash(
      """
      ln -s "$RUNNER" own-runner
      source <(./own-runner completion bash)
      COMP_WORDS=(own-runner backtest --str) COMP_CWORD=2
      _own_runner
      echo "$(complete -p own-runner)" "${COMPREPLY[@]}"
      ./own-runner completion zsh | grep -c 'compdef _own_runner .own-runner.'
      """, in: folder)
    #expect(run.outputText == "complete -F _own_runner own-runner --strategy\n1\n")
  }

  @Test(
    "zsh takes the script for its own",
    .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/zsh")))
  func zsh() async throws {
    let folder = try TemporaryFolder()
    let run = try await RunnerProcess.shell(
      "\"$RUNNER\" completion zsh >_runner && zsh -n _runner", in: folder)
    #expect(run.code == 0, "\(run.errors)")
    #expect(run.errors == "")
  }

  @Test func `another shell is refused, with those that there are`() async throws {
    let run = try await RunnerProcess.run(["completion", "fish"], in: TemporaryFolder())
    #expect(run.code == 2)
    #expect(run.errors.hasPrefix("runner: SHELL is 'fish', expected bash or zsh\n"))
  }
}

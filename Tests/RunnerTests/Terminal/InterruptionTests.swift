import Foundation
import Testing

@testable import Runner

@Suite("Ctrl-C")
struct InterruptionTests {
  private static let signals: [(String, ExitCode)] = [("INT", .interrupted), ("TERM", .terminated)]

  /// Runs lines of bash; with job control, so that what it starts in the background is not deaf to
  /// Ctrl-C as it would be otherwise.
  private func bash(
    _ lines: String, in folder: borrowing TemporaryFolder
  ) async throws -> Finished {
    try folder.write("set -m\n" + lines, to: "script.bash")
    return try await RunnerProcess.shell("exec bash script.bash", in: folder)
  }

  /// The script goes on when the program has opened the pipe, which is after it began to listen.
  @Test("A reading that is interrupted says so and leaves no file", arguments: signals)
  func reading(_ signal: String, _ code: ExitCode) async throws {
    let folder = try TemporaryFolder()
    try folder.write("old", to: "run.json")
    let run = try await bash(
      """
      mkfifo pipe
      "$RUNNER" backtest --csv pipe --json run.json & runner=$!
      exec 3> pipe
      printf 'timestamp,open,high,low,close,volume\\n1704067200,10,12,9,11,5\\n' >&3
      kill -\(signal) $runner
      exec 3>&-
      wait $runner
      """, in: folder)
    #expect(run.code == code.rawValue)
    #expect(run.errors == "runner: interrupted\n")
    #expect(run.outputText == "")
    #expect(try folder.text(of: "run.json") == "old")
    #expect(try folder.names == ["pipe", "run.json", "script.bash"])
  }

  @Test("A file that is half written goes away", arguments: signals)
  func writing(_ signal: String, _ code: ExitCode) async throws {
    let folder = try TemporaryFolder()
    let run = try await bash(
      """
      "$RUNNER" data synth --count 50000000 -o candles.csv & runner=$!
      until ls | grep -q part; do :; done
      kill -\(signal) $runner
      wait $runner
      """, in: folder)
    #expect(run.code == code.rawValue)
    #expect(run.errors == "runner: interrupted\n")
    #expect(try folder.names == ["script.bash"])
  }

  @Test func `a program that was started deaf to Ctrl-C stays so`() async throws {
    let folder = try TemporaryFolder()
    try folder.write(CandleTexts.short, to: "candles.csv")
    let run = try await bash(
      """
      trap '' INT
      mkfifo pipe
      "$RUNNER" backtest --csv pipe > summary & runner=$!
      exec 3> pipe
      kill -INT $runner
      cat candles.csv >&3
      exec 3>&-
      wait $runner
      """, in: folder)
    #expect(run.code == 0)
    #expect(run.errors == "")
  }
}

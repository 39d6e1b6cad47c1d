import Foundation
import Testing

@Suite("runner config")
struct ConfigCommandTests {
  private static let variants: [[String]] = [
    [],
    ["--strategy", "sma_cross", "--set", "strategy.fast=3", "--set", "exit.atr_multiple=2.5"],
    ["--cash", "12345.678", "--path", "low-first", "--fill-on-touch", "--on-bad-row", "skip"],
    ["--set", "exit.trail=0.000000000000000001", "--set", "strategy.vwap_discount=-0.5"],
    ["--product", "a #b: \"c\\d\" 'é'"], ["--product", "null"], ["--product", "- x"],
    ["--product", "0x10"], ["--product", "~"],
  ]

  /// The settings without the origins behind them.
  private func values(_ yaml: String) -> [Substring] {
    yaml.split(separator: "\n").map { line in
      line.range(of: "  # ", options: .backwards).map { line[..<$0.lowerBound] } ?? line
    }
  }

  @Test("What config show prints is a configuration file for the same", arguments: variants)
  func roundTrip(_ arguments: [String]) async throws {
    let folder = try TemporaryFolder()
    let first = try await RunnerProcess.run(["config", "show"] + arguments, in: folder)
    #expect(first.code == 0, "\(first.errors)")
    #expect(first.errors == "")

    try folder.write(first.outputText, to: "shown.yaml")
    let second = try await RunnerProcess.run(["config", "show", "-c", "shown.yaml"], in: folder)
    #expect(second.code == 0, "\(second.errors)")
    #expect(values(second.outputText) == values(first.outputText))

    // Now the origins name the lines of the file, and stay the same from here on.
    try folder.write(second.outputText, to: "shown.yaml")
    let third = try await RunnerProcess.run(["config", "show", "-c", "shown.yaml"], in: folder)
    #expect(third.outputText == second.outputText)
  }

  @Test(
    "config check counts what differs from the defaults",
    arguments: [
      ([], 0), (["--cash", "10000.0"], 0), (["--cash", "5"], 1),
      (["--cash", "5", "--set", "exit.trail=0.03"], 2),
    ])
  func check(_ arguments: [String], changed: Int) async throws {
    let run = try await RunnerProcess.run(["config", "check"] + arguments, in: TemporaryFolder())
    #expect(run.code == 0)
    #expect(run.errors == "")
    #expect(run.outputText.hasPrefix("The configuration is right: "))
    #expect(run.outputText.contains(" \(changed) not at their defaults."))
  }

  @Test func `each setting has its origin beside it`() async throws {
    let folder = try TemporaryFolder()
    try folder.write("simulation:\n  cash: 500\n", to: "run.yaml")
    let run = try await RunnerProcess.run(
      ["config", "show", "-c", "run.yaml", "--set", "exit.trail=0.03", "--product", "ETH-USD"],
      in: folder)
    let lines = run.outputText.split(separator: "\n")
    #expect(lines.contains("  cash: 500  # run.yaml:2"))
    #expect(lines.contains("  trail: 0.03  # --set"))
    #expect(lines.contains("  id: ETH-USD  # --product"))
    #expect(lines.contains("  interval: 300  # default"))
  }

  @Test func `the example file is right and changes nothing`() async throws {
    let example = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../../Data/config.example.yaml").standardizedFileURL
    let folder = try TemporaryFolder()
    let run = try await RunnerProcess.run(
      ["config", "check", "-c", example.path(percentEncoded: false)], in: folder)
    #expect(run.code == 0, "\(run.errors)")
    #expect(run.outputText.contains(" 0 not at their defaults."))
  }
}

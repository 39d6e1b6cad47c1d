import Foundation
import Testing

@testable import Runner

@Suite("runner demo")
struct DemoCommandTests {
  /// What `demo -o demo` said and wrote, once for all that look at it.
  private static let shown = Task {
    let folder = try TemporaryFolder()
    let run = try await RunnerProcess.run(["demo", "-o", "demo"], in: folder)
    try #require(run.code == 0)
    return (text: run.outputText, contents: try FolderContents(of: folder))
  }

  private func object(_ json: Data) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: json) as? [String: Any])
  }

  @Test func `it tells six steps, within a terminal's width, and ends with the report`()
    async throws
  {
    let folder = try TemporaryFolder()
    let run = try await RunnerProcess.run(["demo", "--output", "out/demo"], in: folder)
    #expect(run.code == 0)
    #expect(run.errors == "")
    let lines = run.outputText.split(separator: "\n")
    #expect(lines.allSatisfy { $0.count <= 80 })
    let steps = lines.filter { $0.wholeMatch(of: /\d\. .*/) != nil }
    #expect(
      steps == [
        "1. Candles", "2. Settings", "3. The run", "4. The limits", "5. The result",
        "6. The report",
      ])
    #expect(lines.dropLast().last == "  out/demo/report.html")
    #expect(try folder.names == ["out"])
    let page = try folder.text(of: "out/demo/report.html")
    #expect(page.hasPrefix("<!DOCTYPE html>"))
    #expect(page.hasSuffix("</html>\n"))
  }

  @Test func `what it tells is in its result`() async throws {
    let shown = try await Self.shown.value
    let folder = try shown.contents.copied()
    let text = shown.text.replacing(/\s+/, with: " ")
    let result = try object(try folder.bytes(of: "demo/result.json"))
    let pairs = try #require(result["pairs"] as? [[String: Any]])
    #expect(pairs.compactMap { $0["pair"] as? String } == ["BTC-USD", "ETH-USD", "SOL-USD"])
    let refusals = try #require(result["refusals"] as? [[String: Any]])
    for rule in ["max_positions", "max_correlated_exposure_pct"] {
      let count = refusals.count { $0["rule"] as? String == rule }
      #expect(count > 1, "the demonstration shows \(rule)")
      #expect(text.contains(" \(rule): an entry of "))
      #expect(text.contains("The first of \(count) refusals by this rule."))
    }
    let realised = pairs.flatMap { $0["trades"] as? [[String: Any]] ?? [] }.compactMap {
      ($0["realised"] as? String).flatMap(Double.init)
    }
    let best = try #require(realised.max())
    #expect(text.contains("the trade has made \(String(format: "%.2f", best)) USD"))
    #expect(text.contains(" \(realised.count) trades, "))
  }

  @Test func `the command that it shows makes the same result`() async throws {
    let shown = try await Self.shown.value
    let folder = try shown.contents.copied()
    let first = try folder.bytes(of: "demo/result.json")
    let page = try folder.bytes(of: "demo/report.html")
    let start = try #require(shown.text.firstRange(of: "  runner backtest"))
    let command = shown.text[start.upperBound...].split(separator: "\nAt every")[0]
    let again = try await RunnerProcess.shell("\"$RUNNER\" backtest\(command)", in: folder)
    #expect(again.code == 0)
    #expect(
      again.errors == "wrote demo/result.json\nwrote demo/report.html\n",
      "the settings make no warning")
    #expect(try folder.bytes(of: "demo/result.json") == first)
    #expect(try folder.bytes(of: "demo/report.html") == page)
  }

  @Test func `the refusal that it points to is explained`() async throws {
    let shown = try await Self.shown.value
    let folder = try shown.contents.copied()
    let words = try #require(shown.text.firstMatch(of: /\n  runner (why .*)\n/)).1
    let why = try await RunnerProcess.run(words.split(separator: " ").map(String.init), in: folder)
    #expect(why.errors == "")
    #expect(why.outputText.hasPrefix("Refusal 1 of "))
  }

  @Test func `without a folder it makes one for temporary files, for this user alone`() async throws
  {
    let folder = try TemporaryFolder()
    let run = try await RunnerProcess.run(
      ["demo"], in: folder, environment: ["TMPDIR": folder.path("")])
    #expect(run.code == 0)
    let name = try #require(try folder.names.first)
    #expect(try folder.names.count == 1 && name.hasPrefix("ratchet-demo-"))
    let attributes = try FileManager.default.attributesOfItem(atPath: folder.path(name))
    #expect(attributes[.posixPermissions] as? Int == 0o700)
    #expect(run.outputText.contains("\(name)/report.html"))
  }

  @Test func `a place where nothing can be written is named`() async throws {
    let folder = try TemporaryFolder()
    try folder.write("", to: "file")
    let run = try await RunnerProcess.run(["demo", "-o", "file/demo"], in: folder)
    #expect(run.code == 1)
    #expect(
      run.errors
        == "runner: cannot write file/demo/candles: Not a directory. Choose another place, or make "
        + "room there.\n")
  }
}

import Foundation
import Testing

@Suite("runner demo")
struct DemoCommandTests {
  @Test func `tells a run of three pairs and leaves what it told of`() async throws {
    let folder = try TemporaryFolder()
    let demo = try await RunnerProcess.run(["demo", "--output", "shown"], in: folder)
    #expect(demo.code == 0, "\(demo.errors)")
    #expect(demo.errors == "")
    for step in ["1. Candles", "2. Settings", "3. The run", "4. The limits", "5. The result"] {
      #expect(demo.outputText.contains("\n\(step)\n"), "\(step)")
    }
    #expect(demo.outputText.contains("max_positions: an entry of "))
    #expect(demo.outputText.contains("max_correlated_exposure_pct: an entry of "))
    #expect(demo.outputText.split(separator: "\n").allSatisfy { $0.count <= 80 })
    #expect(demo.outputText.contains("\n  shown/result.json\n"))

    // The call that it shows makes the same file again, here and in the demonstration.
    let text = demo.outputText.replacing(" \\\n", with: " ")
    let call = try #require(
      text.split(separator: "\n").first { $0.hasPrefix("  runner backtest ") })
    let told = try folder.bytes(of: "shown/result.json")
    let words = call.split(separator: " ").dropFirst().map(String.init)
    let repeated = try await RunnerProcess.run(words, in: folder)
    #expect(repeated.code == 0, "\(repeated.errors)")
    #expect(try folder.bytes(of: "shown/result.json") == told)
  }
}

import Foundation
import Testing

@Suite("runner data synth")
struct DataSynthCommandTests {
  @Test(arguments: [0, 1, 9_223_372_036_854_775_807])
  func `a seed always means the same bytes, on standard output and in a file`(seed: Int)
    async throws
  {
    let folder = try TemporaryFolder()
    let call = ["data", "synth", "--count", "500", "--seed", "\(seed)"]
    let first = try await RunnerProcess.run(call, in: folder)
    let second = try await RunnerProcess.run(call + ["-o", "candles.csv"], in: folder)
    #expect(first.code == 0)
    #expect(first.errors == "")
    #expect(second.code == 0)
    #expect(second.outputText == "")
    #expect(try folder.bytes(of: "candles.csv") == first.output)
    #expect(first.outputText.split(separator: "\n").count == 501, "a header and the candles")
  }

  @Test func `another seed means other candles`() async throws {
    let folder = try TemporaryFolder()
    let first = try await RunnerProcess.run(["data", "synth", "--seed", "1"], in: folder)
    let second = try await RunnerProcess.run(["data", "synth", "--seed", "2"], in: folder)
    #expect(first.output != second.output)
  }

  @Test(
    "What is made up can be played",
    arguments: [
      [], ["--interval", "3600"], ["--start", "86400"], ["--tick", "1", "--price", "2"],
      ["--gaps", "0.5", "--dead", "0.5"], ["--volatility", "0.9", "--drift", "-0.9"],
      ["--price", "90000000000", "--tick", "0.00000001"], ["--volume", "0"],
      ["--start", "3999999900"],
    ])
  func playable(_ more: [String]) async throws {
    let folder = try TemporaryFolder()
    let made = try await RunnerProcess.run(
      ["data", "synth", "--count", "300", "-o", "candles.csv"] + more, in: folder)
    #expect(made.code == 0, "\(made.errors)")
    let interval = more.first == "--interval" ? more : []
    let run = try await RunnerProcess.run(
      ["backtest", "--csv", "candles.csv", "--time-unit", "s"] + interval, in: folder)
    #expect(run.code == 0, "\(run.errors)")
    #expect(run.errors == "")
    #expect(run.outputText.contains("no bad rows"))
  }
}

import Foundation
import Testing

@testable import Runner

@Suite("runner backtest --html")
struct BacktestPageTests {
  private static func folder() async throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    let run = try await RunnerProcess.run(
      ["data", "synth", "--count", "2000", "-o", "candles.csv"], in: folder)
    #expect(run.code == 0)
    return folder
  }

  private static let call = ["backtest", "--csv", "candles.csv"]

  @Test func `the page is written beside the summary, the same in a file and on standard output`()
    async throws
  {
    let folder = try await Self.folder()
    let plain = try await RunnerProcess.run(Self.call, in: folder)
    let run = try await RunnerProcess.run(Self.call + ["--html", "run.html"], in: folder)
    #expect(run.code == 0 && run.output == plain.output)
    #expect(run.errors == "wrote run.html\n")
    #expect(try folder.names == ["candles.csv", "run.html"], "no temporary file is left")
    let page = try folder.bytes(of: "run.html")
    #expect(page.starts(with: Data("<!DOCTYPE html>".utf8)))
    #expect(page.suffix(8) == Data("</html>\n".utf8))
    let piped = try await RunnerProcess.run(Self.call + ["--html", "-"], in: folder)
    #expect(piped.code == 0 && piped.output == page && piped.errors == "")
  }

  @Test func `the candles are never written over, nor one output over another`() async throws {
    let folder = try await Self.folder()
    let candles = try folder.bytes(of: "candles.csv")
    let over = try await RunnerProcess.run(Self.call + ["--html", "./candles.csv"], in: folder)
    #expect(over.code == ExitCode.usage.rawValue)
    #expect(over.errors.contains("another file than the candles themselves"))
    #expect(try folder.bytes(of: "candles.csv") == candles)
    let both = try await RunnerProcess.run(
      Self.call + ["--json", "run", "--html", "run"], in: folder)
    #expect(
      both.code == ExitCode.usage.rawValue
        && both.errors.contains("another place than that of --json"))
    #expect(try folder.names == ["candles.csv"])
  }

  @Test func `several pairs have one page`() async throws {
    let folder = try await Self.folder()
    let call = ["backtest", "--csv", "A-USD=candles.csv", "--csv", "B-USD=candles.csv"]
    let plain = try await RunnerProcess.run(call, in: folder)
    let run = try await RunnerProcess.run(call + ["--html", "run.html"], in: folder)
    #expect(run.code == 0 && run.output == plain.output && run.errors == "wrote run.html\n")
    let page = try folder.bytes(of: "run.html")
    let text = String(decoding: page, as: UTF8.self)
    #expect(text.hasPrefix("<!DOCTYPE html>") && text.hasSuffix("</html>\n"))
    for pair in ["A-USD", "B-USD"] { #expect(text.contains(">\(pair)</strong>")) }
    let piped = try await RunnerProcess.run(call + ["--html", "-"], in: folder)
    #expect(piped.code == 0 && piped.output == page && piped.errors == "")
    let over = try await RunnerProcess.run(call + ["--html", "./candles.csv"], in: folder)
    #expect(over.code == ExitCode.usage.rawValue)
  }
}

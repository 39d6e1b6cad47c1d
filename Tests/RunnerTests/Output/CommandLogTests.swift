import Foundation
import Testing

@testable import Runner

@Suite("What commands log")
struct CommandLogTests {
  private static func folder() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try folder.write(CandleTexts.short, to: "candles.csv")
    try folder.write(CandleTexts.twoBadRows, to: "bad.csv")
    return folder
  }

  private static let call = ["backtest", "--csv", "candles.csv"]

  /// Each line as an object; a line that is none fails the test.
  private func objects(_ text: String) throws -> [[String: Any]] {
    try text.split(separator: "\n").map { line in
      try #require(
        try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any], "\(line)")
    }
  }

  @Test func `nothing is told by default, and in lines with times if one asks`() async throws {
    let folder = try Self.folder()
    let quiet = try await RunnerProcess.run(Self.call, in: folder)
    #expect(quiet.errors == "")
    let run = try await RunnerProcess.run(
      Self.call + ["--log-level", "info", "--json", "run.json"], in: folder)
    #expect(run.code == 0)
    #expect(run.output == quiet.output, "the log is no data")
    let lines = run.errors.split(separator: "\n")
    #expect(lines.count == 3)
    #expect(
      lines.first?.wholeMatch(
        of: #/\d\d:\d\d:\d\d info  read candles  file=candles.csv candles=5 seconds=.*/#) != nil)
    #expect(lines.dropFirst().first?.contains("info  run finished  strategy=confluence") == true)
    #expect(lines.last?.hasSuffix("info  wrote run.json  file=run.json") == true)
    #expect(!run.errors.contains("\u{1B}"), "no colour where there is no terminal")
  }

  @Test func `with --log-format json everything on standard error is JSON`() async throws {
    let folder = try Self.folder()
    let call = [
      "--log-format", "json", "--log-level", "info", "--set", "simulation.on_bad_row=skip",
      "--json",
      "run.json",
    ]
    let run = try await RunnerProcess.run(["backtest", "--csv", "bad.csv"] + call, in: folder)
    #expect(run.code == 0)
    let events = try objects(run.errors)
    #expect(
      events.map { $0["level"] as? String } == ["info", "warn", "warn", "info", "info"],
      "\(run.errors)")
    #expect(events[1]["skipped"] as? Int == 2)
    #expect(events[1]["line"] as? Int == 3)

    let failure = try await RunnerProcess.run(
      ["backtest", "--csv", "bad.csv", "--log-format", "json"], in: folder)
    #expect(failure.code == ExitCode.data.rawValue)
    let error = try #require(try objects(failure.errors).first)
    #expect(error["level"] as? String == "error")
    #expect(error["exit_code"] as? Int == 3)
    #expect((error["message"] as? String)?.hasPrefix("bad.csv:3: its low 11") == true)
  }

  @Test func `a log file gets the events as JSON, run after run, and failures too`() async throws {
    let folder = try Self.folder()
    try folder.write("logging:\n  level: info\n  file: run.log\n  format: text\n", to: "log.yaml")
    for csv in ["candles.csv", "bad.csv"] {
      _ = try await RunnerProcess.run(["backtest", "--csv", csv, "-c", "log.yaml"], in: folder)
    }
    let plain = try await RunnerProcess.run(
      ["backtest", "--csv", "bad.csv", "--set", "logging.file=run.log"], in: folder)
    #expect(plain.errors.hasPrefix("runner: bad.csv:3: its low 11"), "said as ever")
    #expect(plain.errors.split(separator: "\n").count == 1, "and once")
    let events = try objects(try folder.text(of: "run.log"))
    #expect(
      events.map { $0["message"] as? String }.map { $0?.prefix(12) } == [
        "read candles", "run finished", "bad.csv:3: i", "bad.csv:3: i",
      ])
  }

  @Test func `the log never goes over the candles`() async throws {
    let folder = try Self.folder()
    let run = try await RunnerProcess.run(
      Self.call + ["--set", "logging.file=candles.csv"], in: folder)
    #expect(run.code == ExitCode.usage.rawValue)
    #expect(
      run.errors.hasPrefix(
        "runner: logging.file is 'candles.csv', expected another file than the candles"))
    #expect(try folder.text(of: "candles.csv") == CandleTexts.short)
  }

  @Test func `a log that cannot be written is said once and stops nothing`() async throws {
    let folder = try Self.folder()
    let run = try await RunnerProcess.run(
      Self.call + ["--set", "logging.file=/dev/full", "--log-level", "info"], in: folder)
    #expect(run.code == 0)
    #expect(run.errors.split(separator: "\n").count { $0.contains("cannot write the log") } == 1)
  }

  @Test func `how a run is logged is not in its result`() async throws {
    let folder = try Self.folder()
    let plain = try await RunnerProcess.run(Self.call + ["--json", "-"], in: folder)
    let told = try await RunnerProcess.run(
      Self.call + ["--json", "-", "--log-level", "debug", "--set", "logging.file=run.log"],
      in: folder)
    #expect(told.output == plain.output)
    #expect(!plain.outputText.contains("logging"))
  }

  @Test func `data check and data resample log too`() async throws {
    let folder = try Self.folder()
    let check = try await RunnerProcess.run(
      ["data", "check", "candles.csv", "--log-level", "info", "--log-format", "json"], in: folder)
    #expect(try objects(check.errors).first?["candles"] as? Int == 5)
    let resample = try await RunnerProcess.run(
      [
        "data", "resample", "candles.csv", "--interval", "600", "-o", "-", "--log-level", "info",
        "--log-format", "json",
      ], in: folder)
    let event = try #require(try objects(resample.errors).first)
    #expect(event["read"] as? Int == 5)
    #expect(event["written"] as? Int == 3)
    #expect(event["incomplete"] as? Int == 1)
  }

  @Test func `a wrong level is refused with the words there are`() async throws {
    let run = try await RunnerProcess.run(Self.call + ["--log-level", "loud"], in: Self.folder())
    #expect(run.code == ExitCode.configuration.rawValue)
    #expect(
      run.errors.hasPrefix(
        "runner: --log-level: logging.level is 'loud', expected trace or debug or info or warn or "
          + "error"))
  }
}

import Foundation
import Testing

@testable import Runner

@Suite("runner backtest")
struct BacktestCommandTests {
  /// A folder with candles enough for trades, in `candles.csv`.
  private static func folder() async throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    let run = try await RunnerProcess.run(
      ["data", "synth", "--count", "2000", "-o", "candles.csv"], in: folder)
    #expect(run.code == 0)
    #expect(run.outputText == "")
    return folder
  }

  private static let call = ["backtest", "--csv", "candles.csv"]

  private func object(_ json: Data) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: json) as? [String: Any])
  }

  // MARK: - Where things are written

  @Test func `the summary is data and there is nothing else to say`() async throws {
    let folder = try await Self.folder()
    let run = try await RunnerProcess.run(Self.call, in: folder)
    #expect(run.code == 0)
    #expect(run.outputText.hasPrefix("BTC-USD, 5-minute candles, confluence\nfrom candles.csv\n"))
    #expect(run.errors == "")
    #expect(try folder.names == ["candles.csv"])
  }

  @Test func `--trades adds the table behind the summary`() async throws {
    let folder = try await Self.folder()
    let plain = try await RunnerProcess.run(Self.call, in: folder)
    let run = try await RunnerProcess.run(Self.call + ["--trades"], in: folder)
    #expect(run.code == 0)
    #expect(run.outputText.hasPrefix(plain.outputText + "\n"))
    #expect(run.outputText.count > plain.outputText.count + 1)
  }

  @Test func `--json writes a file beside the summary and says so on standard error`() async throws
  {
    let folder = try await Self.folder()
    let plain = try await RunnerProcess.run(Self.call, in: folder)
    let run = try await RunnerProcess.run(Self.call + ["--json", "run.json"], in: folder)
    #expect(run.code == 0)
    #expect(run.output == plain.output)
    #expect(run.errors == "wrote run.json\n")
    #expect(try folder.names == ["candles.csv", "run.json"], "no temporary file is left")
    let result = try object(try folder.bytes(of: "run.json"))
    #expect(result["format"] as? String == "ratchet-result 1")
    #expect((result["program"] as? [String: String])?["version"] == Program.version)
    #expect((result["trades"] as? [Any])?.isEmpty == false, "the run is worth comparing")
  }

  @Test func `--json - prints JSON and nothing else, the same as in a file`() async throws {
    let folder = try await Self.folder()
    let file = try await RunnerProcess.run(Self.call + ["--json", "run.json"], in: folder)
    #expect(file.code == 0)
    let run = try await RunnerProcess.run(Self.call + ["--trades", "--json", "-"], in: folder)
    #expect(run.code == 0)
    #expect(run.errors == "")
    #expect(try object(run.output)["csv"] as? String == "candles.csv")
    #expect(try run.output == folder.bytes(of: "run.json"))
  }

  @Test func `--equity adds the curve`() async throws {
    let folder = try await Self.folder()
    let run = try await RunnerProcess.run(Self.call + ["--json", "-", "--equity"], in: folder)
    #expect((try object(run.output)["equity"] as? [Any])?.count == 2000)
    let without = try await RunnerProcess.run(Self.call + ["--json", "-"], in: folder)
    #expect(try object(without.output)["equity"] == nil)
  }

  @Test func `--timerange bounds the run and is in the file, which can be verified`() async throws {
    let folder = try await Self.folder()
    let more = ["--timerange", "20240103-20240105", "--json", "run.json", "--equity"]
    let run = try await RunnerProcess.run(Self.call + more, in: folder)
    #expect(run.code == 0)
    let result = try object(try folder.bytes(of: "run.json"))
    #expect(
      (result["manifest"] as? [String: Any])?["time_range"] as? String == "20240103-20240105")
    let candles = try #require(result["candles"] as? [String: Any])
    #expect(candles["first"] as? Int == 1_704_240_000)
    #expect(candles["last"] as? Int == 1_704_412_500)
    #expect((result["equity"] as? [[Any]])?.count == candles["count"] as? Int)
    let signals = try #require(result["signals"] as? [[String: Any]])
    #expect(signals.allSatisfy { ($0["time"] as? Int ?? 0) > 1_704_240_000 })
    #expect(
      run.outputText.contains("\ntime range 20240103-20240105, indicators warmed by "), "it says so"
    )
    let verified = try await RunnerProcess.run(["verify", "run.json"], in: folder)
    #expect(verified.code == 0, "\(verified.outputText)")
  }

  @Test func `--breakdown adds tables in the order in which they are asked for`() async throws {
    let folder = try await Self.folder()
    let run = try await RunnerProcess.run(
      Self.call + ["--breakdown", "month", "--breakdown", "day"], in: folder)
    #expect(run.code == 0)
    let text = run.outputText
    let month = try #require(text.firstRange(of: "\nBy month (UTC)\n"))
    let day = try #require(text.firstRange(of: "\nBy day (UTC)\n"))
    #expect(month.lowerBound < day.lowerBound)
    #expect(!text.contains("By week"))
    #expect(text.contains("\n  2024-01  "))
    #expect(text.contains("\n  2024-01-07  "))
  }

  // MARK: - Whole or not at all

  @Test func `a file of before is replaced whole`() async throws {
    let folder = try await Self.folder()
    try folder.write(String(repeating: "old", count: 1_000_000), to: "run.json")
    let run = try await RunnerProcess.run(Self.call + ["--json", "run.json"], in: folder)
    #expect(run.code == 0)
    _ = try object(try folder.bytes(of: "run.json"))
  }

  @Test func `a run that fails leaves the file of before alone`() async throws {
    let folder = try TemporaryFolder()
    try folder.write(CandleTexts.overflowing, to: "candles.csv")
    try folder.write("old", to: "run.json")
    let run = try await RunnerProcess.run(
      Self.call + CandleTexts.overflowArguments + ["--json", "run.json"], in: folder)
    #expect(run.code == 1)
    #expect(try folder.text(of: "run.json") == "old")
    #expect(try folder.names == ["candles.csv", "run.json"])
  }

  @Test(
    "A disk that is full halfway leaves no part of a file",
    arguments: [
      "backtest --csv candles.csv --json out --equity", "data synth --count 9999 -o out",
    ])
  func fullDisk(_ arguments: String) async throws {
    let folder = try await Self.folder()
    // No file may grow beyond a few blocks; `write` says so instead of a signal.
    let run = try await RunnerProcess.shell(
      "trap '' XFSZ; ulimit -f 8; exec \"$RUNNER\" \(arguments)", in: folder)
    #expect(run.code == 1)
    #expect(
      run.errors
        == "runner: cannot write out: File too large. Choose another place, or make room there.\n")
    #expect(try folder.names == ["candles.csv"])
  }

  @Test func `a symbolic link stays one and leads to the new file`() async throws {
    let folder = try await Self.folder()
    try folder.write("old", to: "real.json")
    try FileManager.default.createSymbolicLink(
      atPath: folder.path("link.json"), withDestinationPath: "real.json")
    let run = try await RunnerProcess.run(Self.call + ["--json", "link.json"], in: folder)
    #expect(run.code == 0)
    #expect(
      try FileManager.default.destinationOfSymbolicLink(atPath: folder.path("link.json"))
        == "real.json")
    _ = try object(try folder.bytes(of: "real.json"))
    #expect(try folder.names == ["candles.csv", "link.json", "real.json"])
  }

  @Test func `a named pipe is written to and not replaced`() async throws {
    let folder = try await Self.folder()
    let run = try await RunnerProcess.shell(
      "mkfifo pipe && { timeout 60 cat pipe > copy & } && \"$RUNNER\" backtest --csv candles.csv --json pipe"
        + " > summary; wait; test -p pipe",
      in: folder)
    #expect(run.code == 0)
    #expect(run.errors == "wrote pipe\n")
    _ = try object(try folder.bytes(of: "copy"))
  }

  // MARK: - The same everywhere

  @Test(
    "Language, time zone and folder change no byte",
    arguments: [
      ["LANG": "tr_TR.UTF-8", "LC_ALL": "tr_TR.UTF-8"], ["LC_ALL": "de_DE.UTF-8"], ["LANG": "C"],
      ["TZ": "Asia/Tokyo"],
      ["TZ": "America/New_York", "HOME": "/nowhere", "SWIFT_DETERMINISTIC_HASHING": "1"],
    ])
  func environment(_ environment: [String: String]) async throws {
    let folder = try await Self.folder()
    let call = ["backtest", "--csv", folder.path("candles.csv")]
    for more in [["--json", "-", "--equity"], ["--trades"]] {
      let here = try await RunnerProcess.run(call + more, in: folder)
      let there = try await RunnerProcess.run(
        call + more, in: folder, from: URL(filePath: "/"), environment: environment)
      #expect(here.code == 0)
      #expect(here.output == there.output)
      #expect(there.errors == "")
    }
  }

  @Test func `walking every candle gives the same bytes`() async throws {
    let folder = try await Self.folder()
    let quick = try await RunnerProcess.run(Self.call + ["--json", "-", "--equity"], in: folder)
    let slow = try await RunnerProcess.run(
      Self.call + ["--json", "-", "--equity", "--every-point"], in: folder)
    #expect(slow.code == 0)
    #expect(quick.output == slow.output)
  }

  @Test func `a flag, --set and a file say the same`() async throws {
    let folder = try await Self.folder()
    try folder.write("simulation:\n  cash: 500\n  fill_on_touch: true\n", to: "run.yaml")
    let calls = [
      ["--cash", "500", "--fill-on-touch"],
      ["--set", "simulation.cash=500", "--set", "simulation.fill_on_touch=true"],
      ["-c", "run.yaml"], ["-c=run.yaml", "--cash=500.00"],
    ]
    var outputs: [Data] = []
    for more in calls {
      let run = try await RunnerProcess.run(Self.call + ["--json", "-"] + more, in: folder)
      #expect(run.code == 0, "\(more): \(run.errors)")
      outputs.append(run.output)
    }
    #expect(Set(outputs).count == 1)
    #expect(
      try object(outputs[0])["set"] as? [String: String]
        == ["simulation.cash": "500", "simulation.fill_on_touch": "true"])
  }

  // MARK: - What is odd about a file

  @Test func `candles further apart than the interval draw a warning that names the option`()
    async throws
  {
    let folder = try TemporaryFolder()
    try folder.write(CandleTexts.hourly, to: "candles.csv")
    let run = try await RunnerProcess.run(Self.call, in: folder)
    #expect(run.code == 0)
    #expect(
      run.errors
        == "runner: candles.csv: most candles are 3600 s apart, and the interval is 300 s. "
        + "If they are candles of 3600 s, pass --interval 3600\n")
    let right = try await RunnerProcess.run(Self.call + ["--interval", "3600"], in: folder)
    #expect(right.code == 0)
    #expect(right.errors == "")
  }

  @Test func `skipped rows are counted and the first is shown`() async throws {
    let folder = try TemporaryFolder()
    try folder.write(CandleTexts.twoBadRows, to: "candles.csv")
    let call = Self.call + ["--on-bad-row", "skip", "--json", "-"]
    let run = try await RunnerProcess.run(call, in: folder)
    #expect(run.code == 0)
    #expect(
      run.errors.hasPrefix(
        "runner: candles.csv:3: its low 11 is above its open or close. Skipped 2 rows, this one first.\n"
      )
    )
    let candles = try #require(try object(run.output)["candles"] as? [String: Any])
    #expect(candles["count"] as? Int == 2)
    #expect(candles["bad_rows"] as? Int == 2)
  }
}

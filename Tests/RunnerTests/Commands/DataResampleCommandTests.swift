import Foundation
import Testing

@testable import Runner

@Suite("runner data resample")
struct DataResampleCommandTests {
  private static let call = ["data", "resample", "candles.csv", "--interval", "900", "-o"]

  private static let candles =
    CandleTexts.header + """
      1704067200,10,12,9,11,0.1
      1704067500,11,15,10,14,0.2
      1704067800,14,14,8,9,0.3
      1704068100,9,9.00000001,9,9,5
      1704069900,1,1,1,1,1

      """

  private static func folder(_ text: String = candles) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try folder.write(text, to: "candles.csv")
    return folder
  }

  @Test func `longer candles are exact, and what they lack is said`() async throws {
    let folder = try Self.folder()
    let run = try await RunnerProcess.run(Self.call + ["long.csv"], in: folder)
    #expect(run.code == 0, "\(run.errors)")
    #expect(run.outputText == "")
    #expect(
      try folder.text(of: "long.csv") == CandleTexts.header + """
        1704067200,10,15,8,9,0.6
        1704068100,9,9.00000001,9,9,5
        1704069900,1,1,1,1,1

        """)
    #expect(
      run.errors == """
        5 candles of 300 s made 3 of 900 s
        2 of them lack candles of the file and were made of those that are there
        1 have none at all and are left out

        """)
  }

  @Test func `--whole-only leaves out what lacks candles`() async throws {
    let folder = try Self.folder()
    let run = try await RunnerProcess.run(Self.call + ["-", "--whole-only"], in: folder)
    #expect(run.code == 0, "\(run.errors)")
    #expect(run.outputText == CandleTexts.header + "1704067200,10,15,8,9,0.6\n")
    #expect(run.errors.contains("2 lack candles of the file and were left out\n"))
  }

  @Test func `in two steps it is what it is in one, and nothing of the volume is lost`()
    async throws
  {
    let folder = try TemporaryFolder()
    _ = try await RunnerProcess.run(
      ["data", "synth", "--count", "40000", "--gaps", "0.05", "-o", "candles.csv"], in: folder)
    func resample(_ from: String, _ interval: String, _ to: String) async throws {
      let run = try await RunnerProcess.run(
        ["data", "resample", from, "--interval", interval, "--output", to], in: folder)
      #expect(run.code == 0, "\(run.errors)")
    }
    try await resample("candles.csv", "900", "15.csv")
    try await resample("15.csv", "3600", "twice.csv")
    try await resample("candles.csv", "3600", "once.csv")
    #expect(try folder.bytes(of: "once.csv") == folder.bytes(of: "twice.csv"))
    func volume(_ name: String) throws -> Decimal {
      try folder.text(of: name).split(separator: "\n").dropFirst().reduce(into: Decimal()) {
        $0 += Decimal(string: String($1.split(separator: ",")[5])) ?? 0
      }
    }
    #expect(try volume("once.csv") == volume("candles.csv"))
    let check = try await RunnerProcess.run(["data", "check", "once.csv"], in: folder)
    #expect(check.outputText.contains("takes this file, with --interval 3600."))
  }

  @Test func `the input is never written over, under another name neither`() async throws {
    let folder = try Self.folder()
    try FileManager.default.createSymbolicLink(
      atPath: folder.path("link.csv"), withDestinationPath: "candles.csv")
    for target in ["candles.csv", "./candles.csv", "link.csv"] {
      let run = try await RunnerProcess.run(Self.call + [target], in: folder)
      #expect(run.code == ExitCode.usage.rawValue)
      #expect(
        run.errors.hasPrefix(
          "runner: --output is '\(target)', expected another file than the candles themselves\n"))
    }
    #expect(try folder.text(of: "candles.csv") == Self.candles)
  }

  static let refusals: [(text: String, more: [String], code: ExitCode, message: String)] = [
    (
      CandleTexts.hourly, [], .usage,
      "runner: --interval is '900', expected a multiple of the 3600 s of the file's candles\n"
    ),
    (
      candles, ["--from", "600"], .usage,
      "runner: --interval is '900', expected a multiple of the 600 s of the file's candles\n"
    ),
    (
      candles, ["--from", "0"], .usage, "runner: --from is '0', expected a whole number from 1 to "
    ),
    (
      CandleTexts.twoBadRows, ["--from", "300"], .data,
      "runner: candles.csv:3: its low 11 is above its open or "
    ),
    ("", [], .data, "runner: candles.csv: the file is empty."),
    (
      CandleTexts.header + "1704067200,1,1,1,1,1\n", [], .usage,
      "runner: the length of the candles in candles.csv cannot be told: --from SECONDS is missing\n"
    ),
    (
      CandleTexts.header + """
        1704067200,1,1,1,1,1701411834604692317316873037158
        1704067500,1,1,1,1,1701411834604692317316873037158
        1704067800,1,1,1,1,1

        """, [], .data,
      "runner: the volumes of the candle at 2024-01-01T00:00:00Z are more than Ratchet can count"
    ),
  ]

  @Test("What cannot be is refused, and no file is left", arguments: refusals.indices)
  func refuses(_ index: Int) async throws {
    let row = Self.refusals[index]
    let folder = try Self.folder(row.text)
    let run = try await RunnerProcess.run(Self.call + ["long.csv"] + row.more, in: folder)
    #expect(run.code == row.code.rawValue)
    #expect(run.errors.hasPrefix(row.message), "\(run.errors)")
    #expect(try folder.names == ["candles.csv"])
  }

  @Test func `bad rows are skipped if one says so, and counted`() async throws {
    let folder = try Self.folder(CandleTexts.twoBadRows)
    let run = try await RunnerProcess.run(
      Self.call + ["-", "--on-bad-row", "skip", "--from", "300"], in: folder)
    #expect(run.code == 0)
    #expect(
      run.outputText == CandleTexts.header + "1704067200,10,12,9,11,5\n1704068100,10,12,9,11,5\n")
    #expect(run.errors.hasSuffix("2 bad rows were skipped\n"))
  }
}

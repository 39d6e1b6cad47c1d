import Foundation
import Testing

@testable import Runner

@Suite("runner data check")
struct DataCheckCommandTests {
  private static func run(_ text: String, _ more: String...) async throws -> Finished {
    let folder = try TemporaryFolder()
    try folder.write(text, to: "candles.csv")
    return try await RunnerProcess.run(["data", "check", "candles.csv"] + more, in: folder)
  }

  private func object(_ run: Finished) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: run.output) as? [String: Any])
  }

  /// One bad row of each kind between good ones.
  private static let bad =
    CandleTexts.header + """
      1704067200,10,12,9,11,5
      1704067500,10,12,9,11,5
      1704067500,10,12,9,11,5
      1704067200,10,12,9,11,5
      1704067801,10,12,9,11,5
      yesterday,10,12,9,11,5
      1704067800,10,,9,11,5
      1704067800,10,8,9,11,5
      1704068100,10,12,9,11,0.0000000001
      1704068400,10,12,9,11,0

      """

  @Test func `a good file is accepted, in 80 columns`() async throws {
    let run = try await Self.run(CandleTexts.short)
    #expect(run.code == 0, "\(run.errors)")
    #expect(run.errors == "")
    #expect(run.outputText.hasPrefix("candles.csv\n5-minute candles, 2024-01-01 00:00 to "))
    #expect(run.outputText.hasSuffix("\nAccepted: a backtest takes this file.\n"))
    for line in run.outputText.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
  }

  @Test func `every bad row is counted, by kind, and the file refused with exit code 3`()
    async throws
  {
    let run = try await Self.run(Self.bad, "--json", "-")
    #expect(run.code == ExitCode.data.rawValue)
    #expect(run.errors == "")
    let found = try object(run)
    #expect(found["format"] as? String == "ratchet-data-check 1")
    #expect(found["rows"] as? Int == 10)
    #expect(found["verdict"] as? String == "refused")
    let reason = try #require(found["reason"] as? String)
    #expect(reason.hasPrefix("6 rows are no valid candle, the first one in line 4: its start "))
    #expect(reason.hasSuffix("Mend them, or drop them with --on-bad-row skip."))
    let candles = try #require(found["candles"] as? [String: Any])
    #expect(candles["count"] as? Int == 4)
    #expect(candles["bad_rows"] as? Int == 6)
    #expect(candles["missing"] as? Int == 1)
    #expect(candles["zero_volume"] as? Int == 2, "0.0000000001 is rounded down to 0")
    #expect(candles["rounded_volumes"] as? Int == 1)
    #expect(
      candles["defects"] as? [String: Int] == [
        "duplicate": 1, "out_of_order": 1, "off_grid": 1, "bad_time": 1, "unreadable": 1,
        "contradictory": 1,
      ])
    #expect((candles["bad"] as? [[String: Any]])?.map { $0["line"] as? Int } == [4, 5, 6, 7, 8, 9])
  }

  @Test func `the screen shows bad rows with line and reason, and no more than ten`() async throws {
    let run = try await Self.run(
      CandleTexts.short + String(repeating: "1704067200,10,12,9,11,5\n", count: 12))
    #expect(run.code == ExitCode.data.rawValue)
    #expect(run.outputText.contains("12  out of order: "))
    #expect(run.outputText.contains("\n    line 7: its start 2024-01-01T00:00:00Z does not "))
    #expect(run.outputText.contains("\n    and 2 more\n"))
    for line in run.outputText.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
  }

  @Test(
    "The verdict is that of a backtest",
    arguments: [
      CandleTexts.short, CandleTexts.twoBadRows, bad, "", CandleTexts.header, "a,b\n1,2\n",
    ])
  func agreesWithBacktest(_ text: String) async throws {
    let folder = try TemporaryFolder()
    try folder.write(text, to: "candles.csv")
    let check = try await RunnerProcess.run(["data", "check", "candles.csv"], in: folder)
    let run = try await RunnerProcess.run(["backtest", "--csv", "candles.csv"], in: folder)
    #expect(check.code == run.code)
    #expect(check.code == 0 || check.code == 3)
    if check.outputText.isEmpty { #expect(check.errors == run.errors, "no table: the same words") }
  }

  @Test func `the interval is found, and the verdict names it`() async throws {
    let hourly = try await Self.run(CandleTexts.hourly)
    #expect(hourly.code == 0)
    #expect(hourly.outputText.contains("3600 s  as most candles are apart"))
    #expect(hourly.outputText.contains("takes this file, with --interval 3600."))

    let told = try await Self.run(CandleTexts.hourly, "--interval", "300")
    #expect(told.code == 0)
    #expect(told.outputText.contains("300 s  but most are 3600 s apart"))
    #expect(told.outputText.contains("44  candles, never made up"))

    let odd =
      CandleTexts.header + (0..<5).map { "\(1_704_067_200 + 100 * $0),1,1,1,1,1\n" }.joined()
    let refused = try await Self.run(odd)
    #expect(refused.code == ExitCode.data.rawValue)
    #expect(refused.outputText.contains("Refused: --interval: simulation.interval: 100 seconds"))
  }

  @Test func `what a result says about its candles is what the check says`() async throws {
    let folder = try TemporaryFolder()
    _ = try await RunnerProcess.run(
      ["data", "synth", "--count", "3000", "--gaps", "0.02", "-o", "candles.csv"], in: folder)
    let check = try await RunnerProcess.run(
      ["data", "check", "candles.csv", "--json", "-"], in: folder)
    let run = try await RunnerProcess.run(
      ["backtest", "--csv", "candles.csv", "--json", "-"], in: folder)
    let found = try #require(try object(check)["candles"] as? [String: Any])
    let stamped = try #require(try object(run)["candles"] as? [String: Any])
    #expect(found as NSDictionary == stamped as NSDictionary)
    #expect((found["gaps"] as? Int ?? 0) > 10)
  }

  @Test func `the findings go to a file, but not over the candles`() async throws {
    let folder = try TemporaryFolder()
    try folder.write(CandleTexts.short, to: "candles.csv")
    let call = ["data", "check", "candles.csv", "--json"]
    let run = try await RunnerProcess.run(call + ["found.json"], in: folder)
    #expect(run.errors == "wrote found.json\n")
    #expect(try folder.text(of: "found.json").hasPrefix("{\n \"format\": \"ratchet-data-check 1\""))
    let over = try await RunnerProcess.run(call + ["./candles.csv"], in: folder)
    #expect(over.code == ExitCode.usage.rawValue)
    #expect(try folder.text(of: "candles.csv") == CandleTexts.short)
  }
}

import Foundation
import Simulator
import Testing

@testable import Runner

@Suite("runner verify")
struct VerifyCommandTests {
  /// A folder with candles in `candles.csv` and the result of a run on them in `run.json`.
  private static func folder(_ arguments: [String] = []) async throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    for call in [
      ["data", "synth", "--count", "1500", "-o", "candles.csv"],
      ["backtest", "--csv", "candles.csv", "--json", "run.json"] + arguments,
    ] {
      #expect(try await RunnerProcess.run(call, in: folder).code == 0)
    }
    return folder
  }

  private static let identicalText = """
    identical: run.json
      confluence, every figure, order, fill and trade to the last unit

    """

  private static func verify(
    _ folder: borrowing TemporaryFolder, _ arguments: String...,
    environment: [String: String] = [:]
  ) async throws -> Finished {
    try await RunnerProcess.run(
      ["verify", "run.json"] + arguments, in: folder, environment: environment)
  }

  // MARK: - Identical

  @Test(
    "A run made again is identical, whatever was asked of it",
    arguments: [
      [], ["--equity"], ["--every-point"], ["--set", "exit.trail=0.03", "--cash", "500"],
      ["--strategy", "sma_cross", "--set", "strategy.fast=5", "--set", "strategy.slow=20"],
      ["--path", "low-first", "--fill-on-touch", "--slippage", "0.001"],
    ])
  func identical(_ arguments: [String]) async throws {
    let folder = try await Self.folder(arguments)
    let run = try await Self.verify(folder)
    #expect(run.outputText.hasPrefix("identical: run.json\n"))
    #expect(run.errors == "")
    #expect(run.code == 0)
  }

  @Test func `another folder, language and time zone change nothing`() async throws {
    let folder = try await Self.folder(["--equity"])
    let elsewhere = try TemporaryFolder()
    for (old, new) in [("candles.csv", "moved.csv"), ("run.json", "run.json")] {
      try FileManager.default.moveItem(atPath: folder.path(old), toPath: elsewhere.path(new))
    }
    let environments = [
      ["LC_ALL": "de_DE.UTF-8", "LANG": "de_DE.UTF-8", "TZ": "Asia/Kathmandu"],
      ["LC_ALL": "tr_TR.UTF-8", "TZ": "America/St_Johns"], ["LC_ALL": "C", "TZ": "UTC"],
    ]
    for environment in environments {
      let run = try await Self.verify(
        elsewhere, "--csv", elsewhere.path("moved.csv"), environment: environment)
      #expect(run.outputText == Self.identicalText, "\(environment)")
      #expect(run.code == 0)
    }
  }

  @Test func `candles are also found beside the result`() async throws {
    let folder = try await Self.folder()
    let elsewhere = try TemporaryFolder()
    let run = try await RunnerProcess.run(
      ["verify", folder.path("run.json")], in: elsewhere, from: elsewhere.url)
    #expect(run.code == 0)
    #expect(run.errors == "")
  }

  @Test func `how the file was read is part of the run`() async throws {
    let folder = try TemporaryFolder()
    let rows = (0..<40).map { "\(1_704_067_200 + 300 * $0);5;10;12;9;11\n" }.joined()
    try folder.write("When;Size;open;high;low;close\nbad;1;2;3;4;5\n" + rows, to: "candles.csv")
    let backtest = try await RunnerProcess.run(
      [
        "backtest", "--csv", "candles.csv", "--column", "time=When", "--column", "volume=Size",
        "--time-unit", "s", "--delimiter", "semicolon", "--on-bad-row", "skip", "--json",
        "run.json",
      ], in: folder)
    #expect(backtest.code == 0)
    let run = try await Self.verify(folder)
    #expect(run.outputText == Self.identicalText)
  }

  @Test func `a result in another order of members and another layout is the same`() async throws {
    let folder = try await Self.folder()
    let object = try JSONSerialization.jsonObject(with: folder.bytes(of: "run.json"))
    let other = try JSONSerialization.data(
      withJSONObject: object, options: [.sortedKeys, .prettyPrinted])
    try other.write(to: folder.url.appending(path: "run.json"))
    let run = try await Self.verify(folder)
    #expect(run.outputText == Self.identicalText)
  }

  @Test func `another version of the program is mentioned and no difference`() async throws {
    let folder = try await Self.folder()
    let text = try folder.text(of: "run.json")
      .replacing("\"version\": \"\(Program.version)\"", with: "\"version\": \"9.9\"")
      .replacing(" \"starting_cash\"", with: " \"new_in_9\": 1,\n \"starting_cash\"")
      .replacing("\"exit.trail\": \"0.02\", ", with: "")
    try folder.write(text, to: "run.json")
    let run = try await Self.verify(folder)
    #expect(run.code == 0)
    #expect(
      run.outputText == Self.identicalText + """

        Note: the result was made by ratchet 9.9, and repeated by ratchet \(Program.version)
        Note: settings that the result does not name are at their defaults: exit.trail
        Note: only one of the two versions has, so not compared: new_in_9

        """)
  }

  // MARK: - Different

  /// A change of the result's text, and the first place that `verify` names.
  static let changes: [(old: String, new: String, place: String)] = [
    (#""fee": "[0-9]+"#, #""fee": "7"#, "fills, no. 1, fee"),
    (#""realised": "-?[0-9]+"#, #""realised": "7"#, "trades, no. 1, realised"),
    (#""id": 3"#, #""id": 4"#, "orders, no. 3, id"),
    (#""sharpe": -?[0-9]"#, #""sharpe": 7"#, "metrics, sharpe"),
    (#""signals": [0-9]"#, #""signals": 7"#, "counts, signals"),
    (#""equity": "[0-9a-f]"#, #""equity": "x"#, "md5, equity"),
    (#""final_cash": ""#, #""final_cash": "1"#, "final_cash"),
    (#""result": "entry""#, #""result": "risk""#, "signals, no. "),
    (#" "buy_and_hold": [^\n]+\n"#, "", "buy_and_hold"),
    (#"\{"time": [0-9]+, "rsi""#, #"{"time": 1, "rsi""#, "indicators, no. 1, time"),
  ]

  @Test("What was changed is named, and the exit code is 1", arguments: 0..<changes.count)
  func changed(_ index: Int) async throws {
    let change = Self.changes[index]
    let folder = try await Self.folder()
    var text = try folder.text(of: "run.json")
    // The manifest and the settings are the origin; what follows them is what happened.
    let begin = try #require(text.range(of: "\"candles\": {"))
    let match = try #require(text[begin.upperBound...].firstMatch(of: try Regex(change.old)))
    text.replaceSubrange(match.range, with: change.new)
    try folder.write(text, to: "run.json")
    let run = try await Self.verify(folder)
    #expect(run.outputText.hasPrefix("differs: run.json\n\n  \(change.place)"), "\(run.outputText)")
    #expect(run.errors == "")
    #expect(run.code == 1)
  }

  @Test func `the next double is another one`() async throws {
    let folder = try await Self.folder()
    var text = try folder.text(of: "run.json")
    let match = try #require(text.firstMatch(of: /"sharpe": (-?[0-9.e-]+)/))
    let sharpe = try #require(Double(match.1))
    text.replaceSubrange(match.range, with: "\"sharpe\": \(sharpe.nextUp)")
    try folder.write(text, to: "run.json")
    let run = try await Self.verify(folder)
    #expect(run.outputText.hasPrefix("differs: run.json\n\n  metrics, sharpe"))
    #expect(run.code == 1)
  }

  @Test("Every digit of a list counts", arguments: Array(UInt64(1)...20))
  func digits(seed: UInt64) async throws {
    let folder = try await Self.folder()
    var bytes = [UInt8](try folder.bytes(of: "run.json"))
    let text = String(decoding: bytes, as: UTF8.self)
    let begin = try #require(text.range(of: "\"signals\": [\n"))
    let first = text.utf8.distance(from: text.startIndex, to: begin.lowerBound)
    var random = SplitMix64(seed: seed)
    let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
    // A 1 in front of no other digit could become a 0 that the grammar refuses; a 9 is always fine.
    let places = bytes.indices.filter {
      $0 > first && digits.contains(bytes[$0]) && bytes[$0] != UInt8(ascii: "9")
    }
    let place = try #require(places.randomElement(using: &random))
    bytes[place] = UInt8(ascii: "9")
    try Data(bytes).write(to: folder.url.appending(path: "run.json"))
    let run = try await Self.verify(folder)
    #expect(run.code == 1, "replay with seed \(seed): byte \(place)")
  }

  @Test func `other candles are named first, by their hash`() async throws {
    let folder = try await Self.folder()
    let candles = try folder.text(of: "candles.csv")
    try folder.write(candles + "\n", to: "candles.csv")
    let run = try await Self.verify(folder, "--json", "-")
    #expect(run.code == 1)
    let finding = try #require(
      try JSONSerialization.jsonObject(with: run.output) as? [String: Any])
    #expect(finding["format"] as? String == "ratchet-verify 1")
    #expect(finding["identical"] as? Bool == false)
    let differences = try #require(finding["differences"] as? [[String: String]])
    #expect(differences.map { $0["section"] } == ["data", "data"])
    #expect(differences[0]["place"] == "SHA-256 of candles.csv")
    #expect(differences[1]["now"] == "\(candles.utf8.count + 1)")
  }

  @Test func `a strategy or setting that this program has not is a difference`() async throws {
    let folder = try await Self.folder()
    let text = try folder.text(of: "run.json")
    try folder.write(text.replacing("\"confluence\"", with: "\"mine\""), to: "run.json")
    var run = try await Self.verify(folder)
    #expect(run.code == 1)
    #expect(
      run.outputText == """
        differs: run.json

          strategy
            recorded    mine
            now         not in this program, which has confluence, sma_cross

        """)
    try folder.write(
      text.replacing("\"exit.trail\": \"0.02\"", with: "\"exit.trail\": \"2\""), to: "run.json")
    run = try await Self.verify(folder)
    #expect(run.code == 1)
    #expect(run.outputText.contains("  settings\n    recorded    taken\n    now         refused: "))
  }

  // MARK: - Damaged

  /// A text in the place of the result, and all that is said about it.
  static let damagedTexts: [(text: String, message: String)] = [
    ("", "line 1, column 1: the text ends in the middle of a value"),
    ("timestamp,open", "line 1, column 1: not JSON: lexical error: invalid string in json text."),
    ("[]", "this is no result of 'backtest --json': it has no member 'format'"),
    (
      #"{"format": "ratchet-golden 1"}"#,
      "its format is 'ratchet-golden 1', and this version reads 'ratchet-result 1' and "
        + "'ratchet-portfolio 1'"
    ),
    (
      #"{"format": "ratchet-result 1"}"#,
      "it has no manifest, so that the run cannot be repeated: run the backtest again, which writes "
        + "one"
    ),
    (
      #"{"format": "ratchet-result 1", "manifest": {"program": {"name": 1}}}"#,
      "'manifest.data' should be an object"
    ),
    (String(repeating: "[", count: 100_000), "line 1, column 17: nested deeper than 16 levels"),
    (#"{"a": 1, "a": 2}"#, "line 1, column 16: the key 'a' is there twice"),
  ]

  @Test("A damaged file is one line", arguments: damagedTexts)
  func damaged(_ text: String, _ message: String) async throws {
    let folder = try TemporaryFolder()
    try folder.write(text, to: "run.json")
    let run = try await Self.verify(folder)
    #expect(run.errors == "runner: run.json: \(message)\n")
    #expect(run.outputText == "")
    #expect(run.code == 3)
  }

  @Test func `an endless file is refused within bounded memory`() async throws {
    let folder = try TemporaryFolder()
    let run = try await RunnerProcess.shell(
      "ulimit -v 4000000; \"$RUNNER\" verify /dev/zero", in: folder)
    #expect(run.errors == "runner: /dev/zero: longer than 134217728 bytes\n")
    #expect(run.code == 3)
  }

  @Test("A result cut off anywhere is one line", arguments: Array(UInt64(1)...8))
  func truncated(seed: UInt64) async throws {
    let folder = try await Self.folder()
    let whole = try folder.bytes(of: "run.json")
    var random = SplitMix64(seed: seed)
    let length = Int.random(in: 0..<(whole.count - 2), using: &random)
    try whole.prefix(length).write(to: folder.url.appending(path: "run.json"))
    let run = try await Self.verify(folder)
    #expect(run.code == 3, "seed \(seed)")
    #expect(run.errors.split(separator: "\n").count == 1, "seed \(seed)")
  }

  @Test func `candles that are nowhere are asked for`() async throws {
    let folder = try await Self.folder()
    try FileManager.default.removeItem(atPath: folder.path("candles.csv"))
    let run = try await Self.verify(folder)
    #expect(run.code == 3)
    #expect(
      run.errors == """
        runner: cannot read candles.csv, the candles of run.json: No such file or directory. Say \
        where they are now: --csv FILE

        """)
  }

  @Test func `candles from a pipe are asked for, and taken from any file`() async throws {
    let folder = try await Self.folder()
    let line = "cat candles.csv | \"$RUNNER\" backtest --csv /dev/stdin --json run.json >/dev/null"
    #expect(try await RunnerProcess.shell(line, in: folder).code == 0)
    var run = try await Self.verify(folder)
    #expect(run.code == 3)
    #expect(
      run.errors == """
        runner: the candles of run.json came from /dev/stdin, which is no file. Say where they \
        are: --csv FILE

        """)
    run = try await Self.verify(folder, "--csv", "candles.csv")
    #expect(run.code == 0)
    #expect(run.outputText.contains("Note: the candles were piped"))
  }
}

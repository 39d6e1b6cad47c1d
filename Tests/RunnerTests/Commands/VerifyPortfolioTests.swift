import Foundation
import Testing

@testable import Runner

@Suite("runner verify of several pairs")
struct VerifyPortfolioTests {
  private static let identicalText = """
    identical: run.json
      confluence on 3 pairs, every figure, order, fill and trade to the last unit

    """

  private static func verify(
    _ folder: borrowing TemporaryFolder, _ arguments: String...
  ) async throws -> Finished {
    try await RunnerProcess.run(["verify", "run.json"] + arguments, in: folder)
  }

  @Test(
    "A run made again is identical, whatever was asked of it",
    arguments: [
      [], ["--equity"], ["--every-point"], ["--slippage", "0.001", "--fill-on-touch"],
      ["--timerange", "20240103-20240108"], ["--path", "low-first", "--cash", "500"],
      [
        "--set", "SOL-USD:correlation_group=majors", "--set", "BTC-USD:product.base_increment=0.01",
      ],
    ])
  func identical(_ arguments: [String]) async throws {
    let folder = try await PortfolioFolder.make(arguments)
    let run = try await Self.verify(folder)
    #expect(run.outputText.hasPrefix("identical: run.json\n"), "\(run.outputText)")
    #expect(run.errors == "")
    #expect(run.code == 0)
  }

  @Test func `candles are found beside the result, in a folder, or pair by pair`() async throws {
    let folder = try await PortfolioFolder.make()
    let elsewhere = try TemporaryFolder()
    for name in ["run.json"] + PortfolioFolder.pairs.map({ "candles/\($0).csv" }) {
      let last = name.split(separator: "/").last.map(String.init) ?? name
      try FileManager.default.moveItem(
        atPath: folder.path(name), toPath: elsewhere.path(last))
    }
    var run = try await Self.verify(elsewhere)
    #expect(run.outputText == Self.identicalText)

    let lines = """
      mkdir moved && mv *.csv moved && cp moved/BTC-USD.csv moved/XRP-USD.csv
      "$RUNNER" verify run.json --csv moved && mv moved/ETH-USD.csv other.csv
      """
    run = try await RunnerProcess.shell(lines, in: elsewhere)
    #expect(run.outputText == Self.identicalText, "a folder may hold more pairs than the run had")
    run = try await Self.verify(elsewhere, "--csv", "moved", "--csv", "ETH-USD=other.csv")
    #expect(run.outputText == Self.identicalText)
    #expect(run.code == 0)

    run = try await Self.verify(elsewhere, "--csv", "moved")
    #expect(run.code == 3)
    #expect(
      run.errors == """
        runner: cannot read candles/ETH-USD.csv, the candles of run.json: No such file or \
        directory. Say where they are now: --csv ETH-USD=FILE

        """)
  }

  static let refused: [(csv: [String], message: String)] = [
    (
      ["--csv", "XRP-USD=candles/BTC-USD.csv"],
      "--csv is 'XRP-USD=candles/BTC-USD.csv', expected PAIR=FILE with a pair of the result: "
        + "BTC-USD, ETH-USD, SOL-USD"
    ),
    (
      ["--csv", "candles/BTC-USD.csv"],
      "--csv is 'candles/BTC-USD.csv', expected PAIR=FILE with a pair of the result: "
        + "BTC-USD, ETH-USD, SOL-USD"
    ),
    (
      ["--csv", "BTC-USD=candles/BTC-USD.csv", "--csv", "BTC-USD=candles/ETH-USD.csv"],
      "--csv BTC-USD=… was given twice; once is enough"
    ),
    (
      ["--json", "candles/ETH-USD.csv"],
      "--json is 'candles/ETH-USD.csv', expected another file "
        + "than the candles themselves"
    ),
  ]

  @Test("What does not fit the result is refused", arguments: refused)
  func refusals(_ csv: [String], _ message: String) async throws {
    let folder = try await PortfolioFolder.make()
    let run = try await RunnerProcess.run(["verify", "run.json"] + csv, in: folder)
    #expect(run.errors == "runner: \(message)\nSee 'runner verify --help'.\n")
    #expect(run.code == 2)
  }

  /// A change of the result's text behind a place, and the first place that `verify` names.
  static let changes: [(behind: String, old: String, new: String, place: String)] = [
    (
      #""pair": "ETH-USD",\n   "csv""#, #""fee": "[0-9]+"#, #""fee": "7"#,
      "pairs, ETH-USD, fills, no. 1, fee"
    ),
    (
      #""pair": "BTC-USD",\n   "csv""#, #""realised": "-?[0-9]+"#, #""realised": "7"#,
      "pairs, BTC-USD, realised"
    ),
    (
      #""pair": "SOL-USD",\n   "csv""#, #""trades": "[0-9a-f]"#, #""trades": "x"#,
      "pairs, SOL-USD, md5, trades"
    ),
    (#""refusals": \[\n"#, #""value": "[0-9]"#, #""value": "x"#, "refusals, no. 1, value"),
    (#"\n "fills": \[\n"#, #""time": [0-9]+"#, #""time": 1"#, "fills, no. 1, time"),
    (#"\n "breaker": "#, #""equity": "[0-9]"#, #""equity": "x"#, "breaker, equity"),
    (#"\n "final_cash": "#, #""sharpe": -?[0-9]"#, #""sharpe": 7"#, "metrics, sharpe"),
  ]

  @Test("What was changed is named, and the exit code is 1", arguments: 0..<changes.count)
  func changed(_ index: Int) async throws {
    let change = Self.changes[index]
    let folder = try await PortfolioFolder.make()
    var text = try folder.text(of: "run.json")
    let begin = try #require(text.firstMatch(of: try Regex(change.behind)))
    let match = try #require(
      text[begin.range.upperBound...].firstMatch(of: try Regex(change.old)))
    text.replaceSubrange(match.range, with: change.new)
    try folder.write(text, to: "run.json")
    let run = try await Self.verify(folder)
    #expect(run.outputText.hasPrefix("differs: run.json\n\n  \(change.place)"), "\(run.outputText)")
    #expect(run.errors == "")
    #expect(run.code == 1)
  }

  @Test func `each file of candles that is another one is named`() async throws {
    let folder = try await PortfolioFolder.make()
    for pair in ["BTC-USD", "SOL-USD"] {
      let text = try folder.text(of: "candles/\(pair).csv")
      try folder.write(text + "\n", to: "candles/\(pair).csv")
    }
    let run = try await Self.verify(folder, "--json", "-")
    #expect(run.code == 1)
    let finding = try #require(
      try JSONSerialization.jsonObject(with: run.output) as? [String: Any])
    let differences = try #require(finding["differences"] as? [[String: String]])
    #expect(
      differences.map { $0["place"] } == [
        "SHA-256 of candles/BTC-USD.csv", "bytes of candles/BTC-USD.csv",
        "SHA-256 of candles/SOL-USD.csv", "bytes of candles/SOL-USD.csv",
      ])
  }

  @Test func `a pair's own setting that this program refuses is a difference`() async throws {
    let folder = try await PortfolioFolder.make()
    let text = try folder.text(of: "run.json")
    let own = "\"settings\": {\"exit.trail\": \"0.03\""
    try #require(text.contains(own))
    try folder.write(
      text.replacing(own, with: "\"settings\": {\"exit.trail\": \"3\""), to: "run.json")
    let run = try await Self.verify(folder)
    #expect(run.code == 1)
    #expect(run.outputText.contains("  settings\n    recorded    taken\n    now         refused: "))
  }

  static let damagedPairs: [(pairs: String, message: String)] = [
    ("{}", "'manifest.pairs' should be an array"),
    ("[]", "'manifest.pairs' should be at least one pair"),
    ("[1]", "'manifest.pairs, no. 1' should be an object"),
    (#"[{"pair": "A"}]"#, "'manifest.pairs, no. 1.data' should be an object"),
    (
      #"[{"pair": "A", "data": {"path": "a"}, "settings": {}}, {"pair": "A"}]"#,
      "'manifest.pairs' should be pairs of different names"
    ),
  ]

  @Test("A damaged manifest is one line", arguments: damagedPairs)
  func damaged(_ pairs: String, _ message: String) async throws {
    let folder = try TemporaryFolder()
    try folder.write(
      #"{"format": "ratchet-portfolio 1", "manifest": {"program": {"name": "x", "version": "1"}, "#
        + "\"pairs\": \(pairs)}}", to: "run.json")
    let run = try await Self.verify(folder)
    #expect(run.errors == "runner: run.json: \(message)\n")
    #expect(run.code == 3)
  }
}

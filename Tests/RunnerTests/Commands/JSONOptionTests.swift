import Foundation
import Testing

@testable import Runner

@Suite("--json FILE")
struct JSONOptionTests {
  private static func object(_ data: Data) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
  }

  /// Commands, without `--json`, in a folder with candles and a result.
  static let calls: [(format: String, words: [String])] = [
    ("ratchet-result 1", ["backtest", "--csv", "candles.csv"]),
    ("ratchet-interval 1", ["backtest", "--csv", "candles.csv", "--path", "both"]),
    ("ratchet-verify 1", ["verify", "run.json"]),
    ("ratchet-why 1", ["why", "run.json", "1"]),
    ("ratchet-data-check 1", ["data", "check", "candles.csv"]),
    (
      "ratchet-data-resample 1",
      ["data", "resample", "candles.csv", "--interval", "3600", "-o", "hours.csv"]
    ),
    ("ratchet-data-synth 1", ["data", "synth", "--count", "5", "-o", "made.csv"]),
    ("ratchet-db-migrate 1", ["db", "migrate", "apply", "--dry-run", "--db", "new.db"]),
    ("ratchet-db-migrations 1", ["db", "migrate", "list", "--db", "store.db"]),
    ("ratchet-db-check 1", ["db", "check", "--db", "store.db"]),
    ("ratchet-config-check 1", ["config", "check"]),
    ("ratchet-config 1", ["config", "show"]),
  ]

  private static func folder() async throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    let made = try await RunnerProcess.shell(
      """
      "$RUNNER" data synth --count 3000 -o candles.csv \
        && "$RUNNER" backtest --csv candles.csv --json run.json \
        && "$RUNNER" db migrate apply --db store.db
      """, in: folder)
    try #require(made.code == 0, "\(made.errors)")
    return folder
  }

  @Test("A file is written beside the text; - is standard output alone", arguments: calls)
  func everywhere(_ format: String, _ words: [String]) async throws {
    let folder = try await Self.folder()
    let plain = try await RunnerProcess.run(words, in: folder)
    let file = try await RunnerProcess.run(words + ["--json", "out.json"], in: folder)
    let alone = try await RunnerProcess.run(words + ["--json", "-"], in: folder)
    #expect(plain.code == 0 && file.code == 0 && alone.code == 0, "\(file.errors)")
    #expect(file.output == plain.output, "the text is the same")
    #expect(file.errors == plain.errors + "wrote out.json\n")
    #expect(alone.errors == plain.errors)
    #expect(alone.output == (try folder.bytes(of: "out.json")))
    #expect(try Self.object(alone.output)["format"] as? String == format)
    #expect(alone.outputText.hasPrefix("{\n \"format\": \"\(format)\""))
  }

  @Test func `every command that writes something has it`() {
    let words = Program.subcommands.filter { $0.options.contains { $0.key == "--json" } }
      .map(\.words)
    // The demonstration tells a story, and its run's JSON is among the files that it makes.
    let others = [["completion"], ["demo"], ["live"], ["sandbox"]]
    #expect(words == Program.subcommands.map(\.words).filter { !others.contains($0) })
  }

  @Test func `the problems of a configuration have place, key and message`() async throws {
    let folder = try TemporaryFolder()
    try folder.write("exit:\n  trail: 2\nstrategi:\n  a: 1\n", to: "run.yaml")
    let run = try await RunnerProcess.run(
      ["config", "check", "-c", "run.yaml", "--cash", "x", "--json", "-"], in: folder)
    #expect(run.code == 4)
    #expect(run.errors.hasPrefix("runner: run.yaml:2:10: exit.trail is '2'"))
    let object = try Self.object(run.output)
    #expect(object["valid"] as? Bool == false)
    #expect(object["settings"] is NSNull)
    let problems = try #require(object["problems"] as? [[String: Any]])
    #expect(problems.map { $0["file"] as? String } == ["run.yaml", "run.yaml", nil])
    #expect(problems.map { $0["line"] as? Int } == [2, 3, nil])
    #expect(problems.map { $0["column"] as? Int } == [10, 1, nil])
    #expect(problems.map { $0["option"] as? String } == [nil, nil, "--cash"])
    #expect(
      problems.map { $0["key"] as? String } == ["exit.trail", "strategi", "simulation.cash"])
    #expect(
      problems[0]["message"] as? String
        == "exit.trail is '2', expected a decimal above 0 and below 1")
  }

  @Test func `the settings have value, default and origin`() async throws {
    let folder = try TemporaryFolder()
    try folder.write("simulation:\n  cash: 500\n", to: "run.yaml")
    let words = ["-c", "run.yaml", "--set", "exit.trail=0.03", "--json", "-"]
    let shown = try Self.object(
      try await RunnerProcess.run(["config", "show"] + words, in: folder).output)
    let checked = try Self.object(
      try await RunnerProcess.run(["config", "check"] + words, in: folder).output)
    let rows = try #require(shown["settings"] as? [[String: Any]])
    let values = try #require(checked["settings"] as? [String: String])
    #expect(checked["valid"] as? Bool == true)
    #expect((checked["problems"] as? [Any])?.isEmpty == true)
    #expect(values.count == rows.count)
    for row in rows {
      let key = try #require(row["key"] as? String)
      #expect(row["value"] as? String == values[key])
      let origin = try #require(row["origin"] as? String)
      switch key {
      case "simulation.cash":
        #expect(row["value"] as? String == "500" && row["default"] as? String == "10000")
        #expect(origin == "run.yaml:2" && row["file"] as? String == "run.yaml")
        #expect(row["line"] as? Int == 2 && row["column"] as? Int == 9)
      case "exit.trail":
        #expect(origin == "--set" && row["option"] as? String == "--set")
        #expect(row["file"] is NSNull)
      default: #expect(origin == "default" && row["value"] as? String == row["default"] as? String)
      }
    }
  }

  @Test(
    "What was made is described to the byte",
    arguments: [
      (["synth", "--count", "40", "--seed", "7"], "seed"),
      (["resample", "candles.csv", "--interval", "3600"], "read"),
    ])
  func made(_ words: [String], _ member: String) async throws {
    let folder = try await Self.folder()
    let run = try await RunnerProcess.run(
      ["data"] + words + ["-o", "made.csv", "--json", "-"], in: folder)
    let object = try Self.object(run.output)
    let text = try folder.text(of: "made.csv")
    let times = text.split(separator: "\n").dropFirst().map { Int($0.prefix { $0 != "," }) }
    #expect(object["output"] as? String == "made.csv")
    #expect(object["count"] as? Int == times.count)
    #expect(object["first"] as? Int == times[0])
    #expect(object["last"] as? Int == times[times.count - 1])
    #expect(object["bytes"] as? Int == text.utf8.count)
    let sum = try await RunnerProcess.shell("sha256sum made.csv", in: folder)
    #expect(object["sha256"] as? String == String(sum.outputText.prefix(64)))
    if member == "seed" {
      #expect((object["parameters"] as? [String: String])?["seed"] == "7")
    } else {
      #expect(object["read"] as? Int == 3000)
      #expect(object["from"] as? Int == 300 && object["interval"] as? Int == 3600)
    }
  }

  @Test(
    "JSON is not written over what the command reads or writes",
    arguments: [
      ["data", "synth", "--json", "-"], ["data", "synth", "-o", "a.csv", "--json", "a.csv"],
      ["data", "check", "candles.csv", "--json", "candles.csv"],
      ["data", "resample", "candles.csv", "--interval", "3600", "-o", "-", "--json", "-"],
      [
        "data", "resample", "candles.csv", "--interval", "3600", "-o", "-", "--json", "candles.csv",
      ],
      ["verify", "run.json", "--json", "run.json"], ["why", "run.json", "1", "--json", "run.json"],
      ["verify", "run.json", "--json", "candles.csv"],
      ["backtest", "--path", "both", "--csv", "candles.csv", "--json", "candles.csv"],
    ])
  func overwriting(_ words: [String]) async throws {
    let folder = try await Self.folder()
    let before = try folder.bytes(of: "candles.csv") + folder.bytes(of: "run.json")
    let run = try await RunnerProcess.run(words, in: folder)
    #expect(run.code == 2)
    #expect(run.errors.contains("--json is '"))
    #expect(run.output.isEmpty)
    #expect(try folder.bytes(of: "candles.csv") + folder.bytes(of: "run.json") == before)
    #expect(try folder.names == ["candles.csv", "run.json", "store.db", "store.db-lock"])
  }
}

import Configuration
import Foundation
import Market
import Reporting
import Simulator
import Testing

@testable import Runner

/// The hand-made golden runs, one situation each, from the bytes of the CSV to the members of the JSON.
///
/// An independent implementation of SEMANTICS made them; `scripts/conformance` runs the large ones.
@Suite struct GoldenCaseTests {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Cases")

  static let names: [String] = {
    let files = try? FileManager.default.contentsOfDirectory(atPath: folder.path())
    return (files ?? []).filter { $0.hasSuffix(".json") }.map { String($0.dropLast(5)) }.sorted()
  }()

  @Test func `the cases are there`() { #expect(Self.names.count >= 60) }

  @Test("The run equals the golden one to the last unit", arguments: names, [false, true])
  func run(name: String, everyPoint: Bool) throws {
    let golden = try Self.golden(name)
    let sets = try #require(golden["set"] as? [String: String])
    let csv = try #require((golden["csv"] as? String)?.split(separator: "/").last)
    let strategies = StrategyEntry.builtIn
    let settings = try Settings(
      sets: sets.map { "\($0.key)=\($0.value)" },
      strategies: Program(strategies: strategies).strategyKeys)
    let entry = try #require(strategies.first { $0.name == settings.strategyName })
    let path = Self.folder.appending(path: csv).path()
    let options = CandleFileOptions(
      interval: settings.simulation.interval, skipsBadRows: settings.simulation.skipsBadRows)

    if let refused = golden["refused"] as? [String: Any] {
      #expect(throws: CandleFileError.self) { try CandleFile.read(path: path, options: options) }
      do { _ = try CandleFile.read(path: path, options: options) } catch {
        #expect(error.line == refused["line"] as? Int)
      }
      return
    }
    let file = try CandleFile.read(path: path, options: options)
    let run = BacktestRun(
      entry, settings, file, source: path, walksEveryCandle: everyPoint)
    let result = try run.play()
    let document = ResultDocument(
      result,
      manifest: Manifest(
        program: .init(name: "ratchet", version: "test"),
        data: .init(path: path, bytes: nil, sha256: nil), settings: result.settings))
    let json = try JSONSerialization.jsonObject(with: Data(document.bytes))
    let differences = Comparison.differences(golden: golden, ours: json)
    #expect(differences.isEmpty, "\(differences.prefix(5).joined(separator: "\n"))")
  }

  static func golden(_ name: String) throws -> [String: Any] {
    let data = try Data(contentsOf: folder.appending(path: name + ".json"))
    return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
  }
}

/// Compares JSON by the rule of the golden files: exact, except doubles, which may differ by 1e-9.
enum Comparison {
  /// Members that describe the golden file itself, or are words for people.
  private static let skipped: Set = ["format", "csv", "set", "note", "because", "reason"]
  private static let doubles: Set = ["metrics", "indicators", "median_range"]

  /// Each difference in words.
  static func differences(
    golden: Any, ours: Any?, path: String = "", isDouble: Bool = false
  ) -> [String] {
    switch (golden, ours) {
    case (let golden as [String: Any], let ours as [String: Any]):
      return golden.keys.sorted().filter { !skipped.contains($0) }.flatMap { key in
        differences(
          golden: golden[key] ?? NSNull(), ours: ours[key], path: "\(path).\(key)",
          isDouble: isDouble || doubles.contains(key))
      }
    case (let golden as [Any], let ours as [Any]):
      guard golden.count == ours.count else {
        return ["\(path): expected \(golden.count) items, found \(ours.count)"]
      }
      return zip(golden, ours).enumerated().flatMap { index, pair in
        differences(
          golden: pair.0, ours: pair.1, path: "\(path)[\(index)]", isDouble: isDouble)
      }
    case (let golden as NSNumber, let ours as NSNumber) where isDouble:
      let (left, right) = (golden.doubleValue, ours.doubleValue)
      let allowed = 1e-9 * max(left.magnitude, right.magnitude) + 1e-12
      return (left - right).magnitude <= allowed
        ? [] : ["\(path): expected \(left), found \(right)"]
    case (let golden as NSObject, let ours as NSObject) where golden == ours:
      return []
    default:
      return ["\(path): expected \(golden), found \(ours ?? "nothing")"]
    }
  }
}

@Suite struct ComparisonTests {
  @Test func `a comparison that found nothing would be worth nothing`() {
    let golden: [String: Any] = [
      "final_cash": "1.5", "counts": ["fills": 2], "orders": [["id": 1]],
      "metrics": ["sharpe": 1.0, "sortino": NSNull()],
    ]
    func differs(_ ours: [String: Any]) -> Int {
      Comparison.differences(golden: golden, ours: golden.merging(ours) { $1 }).count
    }
    #expect(differs([:]) == 0)
    #expect(differs(["final_cash": "1.50"]) == 1)
    #expect(differs(["counts": ["fills": 3]]) == 1)
    #expect(differs(["counts": [:]]) == 1)
    #expect(differs(["orders": []]) == 1)
    #expect(differs(["orders": [["id": 1], ["id": 2]]]) == 1)
    #expect(differs(["metrics": ["sharpe": 1.0 + 1e-12, "sortino": NSNull()]]) == 0)
    #expect(differs(["metrics": ["sharpe": 1.000_001, "sortino": NSNull()]]) == 1)
    #expect(differs(["metrics": ["sharpe": 1.0, "sortino": 0.0]]) == 1)
  }
}

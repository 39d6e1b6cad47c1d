import Foundation
import Reporting
import Testing

/// Reports of golden runs against those of the independent implementation; see `GoldenRun`.
@Suite("Golden runs")
struct GoldenRunTests {
  /// Members of a golden file that a result has in the same words.
  static let exact = [
    "counts", "md5", "final_cash", "final_position", "final_equity", "open_position",
    "working_orders", "median_range", "trail_warning", "signals", "fills", "trades",
  ]

  @Test("The document says what the golden file says", arguments: GoldenRun.names)
  func document(of name: String) throws {
    let run = try GoldenRun(named: name)
    let bytes = ResultDocument(run.result, manifest: SampleRun.manifest).bytes
    let read = try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any]
    let document = try #require(read)
    for member in Self.exact {
      let ours = try #require(document[member] as? NSObject, "\(member)")
      let theirs = try #require(run.golden[member] as? NSObject, "\(member)")
      #expect(ours == theirs, "\(name): \(member)")
    }
    let orders = try #require(document["orders"] as? [[String: Any]])
    let goldenOrders = try #require(run.golden["orders"] as? [[String: Any]])
    for (ours, theirs) in zip(orders, goldenOrders) {
      for (key, value) in theirs where key != "because" {
        #expect(ours[key] as? NSObject == value as? NSObject, "\(name): \(key) of an order")
      }
    }
    #expect(orders.count == goldenOrders.count)
    try compareMetrics(document, run.golden, name)
  }

  private func compareMetrics(
    _ document: [String: Any], _ golden: [String: Any], _ name: String
  ) throws {
    let ours = try #require(document["metrics"] as? [String: Any])
    let theirs = try #require(golden["metrics"] as? [String: Any])
    #expect(Set(ours.keys) == Set(theirs.keys))
    for (key, value) in theirs {
      guard let theirs = (value as? NSNumber)?.doubleValue else {
        #expect(ours[key] is NSNull, "\(name): \(key)")
        continue
      }
      let ours = try #require((ours[key] as? NSNumber)?.doubleValue, "\(name): \(key)")
      #expect(
        abs(ours - theirs) <= 1e-9 * max(abs(ours), abs(theirs)) + 1e-12,
        "\(name): \(key) is \(ours), not \(theirs)")
    }
  }
}

import Execution
import Market
import Strategy

/// A run as JSON, `"format": "ratchet-result 1"`; `Documentation/result-format.md` has every member.
///
/// Figures come from `RunResult`, `Metrics` and `Counts`; nothing is computed here. The document is
/// written block by block and never whole in memory. A member is never renamed or given another unit
/// under the same format number; new members may come.
public struct ResultDocument: Sendable {
  /// The name and number of this schema.
  public static let format = "ratchet-result 1"

  /// The program that made the run.
  public struct Program: Hashable, Sendable, CustomStringConvertible {
    /// Such as `ratchet`.
    public var name: String
    /// Such as `0.1.0`.
    public var version: String

    /// A program of this name and version.
    public init(name: String, version: String) {
      self.name = name
      self.version = version
    }

    /// `ratchet 0.1.0`.
    public var description: String { "\(name) \(version)" }

    func write(to json: inout JSONWriter) {
      json.beginObject()
      json.member("name", name)
      json.member("version", version)
      json.endObject()
    }
  }

  private let result: RunResult
  private let manifest: Manifest
  private let includesEquity: Bool

  /// The document of a run.
  ///
  /// - Parameters:
  ///   - result: The run.
  ///   - manifest: What it takes to make it again.
  ///   - includesEquity: Whether the curve is written, one element for each candle.
  public init(_ result: RunResult, manifest: Manifest, includesEquity: Bool = false) {
    self.result = result
    self.manifest = manifest
    self.includesEquity = includesEquity
  }

  /// The whole document, for short runs.
  public var bytes: [UInt8] {
    var bytes: [UInt8] = []
    write { bytes += $0 }
    return bytes
  }

  /// Writes the document.
  ///
  /// - Parameter sink: Takes about 32 KiB of UTF-8 at a time.
  /// - Throws: What the sink throws, at once.
  public func write<Failure: Error>(
    to sink: ([UInt8]) throws(Failure) -> Void
  ) throws(Failure) {
    var json = JSONWriter()
    json.beginObject(.lines)
    json.member("format", Self.format)
    json.key("program")
    manifest.program.write(to: &json)
    json.key("manifest")
    manifest.write(to: &json)
    writeInputs(&json)
    writeSummary(&json)
    try writeLists(&json, to: sink)
    if includesEquity { try writeEquity(&json, to: sink) }
    json.endObject()
    try json.drain(always: true, into: sink)
  }

  private func writeInputs(_ json: inout JSONWriter) {
    json.member("csv", result.source)
    json.member("product", result.product.id)
    json.member("interval", result.interval.seconds)
    json.member("set", result.changed)
    json.member("parameters", result.settings)
    json.key("candles")
    json.value(result.candleCheck, result.data)
    json.member("warm_up", result.warmUp)
  }

  private func writeSummary(_ json: inout JSONWriter) {
    json.member("counts", Counts(result.record))
    json.key("md5")
    json.beginObject()
    for text in CanonicalText.allCases { json.member(text.rawValue, text.md5(of: result)) }
    json.endObject()
    json.member("starting_cash", result.startingCash)
    json.member("final_cash", result.finalCash)
    json.member("final_position", result.finalPosition)
    json.member("final_equity", result.finalEquity)
    json.key("open_position")
    if let position = result.openPosition {
      json.beginObject()
      json.member("entry_time", position.entryTime)
      json.member("quantity", position.quantity)
      json.member("highest", position.highest)
      json.member("trigger", position.trigger)
      json.endObject()
    } else {
      json.null()
    }
    json.key("working_orders")
    json.beginArray()
    for number in result.workingOrders { json.value(number) }
    json.endArray()
    let medianRange = result.medianRange
    json.member("median_range", medianRange)
    json.member("trail_warning", result.trailWarning(medianRange: medianRange))
    json.member("buy_and_hold", result.buyAndHold)
    json.member("metrics", Metrics(result))
  }

  private func writeLists<Failure: Error>(
    _ json: inout JSONWriter, to sink: ([UInt8]) throws(Failure) -> Void
  ) throws(Failure) {
    try list("indicators", result.indicators, &json, to: sink) { row, json in
      json.member("time", row.time)
      for reading in row.readings { json.member(reading.name, reading.value) }
    }
    try list("signals", result.record.signals, &json, to: sink) { signal, json in
      json.member("time", signal.time)
      json.member("result", signal.outcome.word)
    }
    try list("orders", result.record.orders, &json, to: sink) { $0.write(to: &$1) }
    try list("fills", result.record.fills, &json, to: sink) { $0.write(to: &$1) }
    try list("trades", result.record.trades, &json, to: sink) { $0.write(to: &$1) }
    try list("anomalies", result.record.anomalies, &json, to: sink) { anomaly, json in
      json.member("text", anomaly.description)
    }
  }

  /// An array of objects, each in its line.
  private func list<Element, Failure: Error>(
    _ name: String, _ elements: [Element], _ json: inout JSONWriter,
    to sink: ([UInt8]) throws(Failure) -> Void,
    members: (Element, inout JSONWriter) -> Void
  ) throws(Failure) {
    json.key(name)
    json.beginArray(.lines)
    for element in elements {
      json.beginObject()
      members(element, &json)
      json.endObject()
      try json.drain(into: sink)
    }
    json.endArray()
  }

  private func writeEquity<Failure: Error>(
    _ json: inout JSONWriter, to sink: ([UInt8]) throws(Failure) -> Void
  ) throws(Failure) {
    json.key("equity")
    json.beginArray(.lines)
    for point in EquityCurve(result) {
      json.beginArray()
      json.value(point.time)
      json.value(point.equity)
      json.endArray()
      try json.drain(into: sink)
    }
    json.endArray()
  }
}

extension RunRecord.OrderEntry {
  fileprivate func write(to json: inout JSONWriter) {
    json.member("id", order.id.number)
    json.member("role", role.rawValue)
    json.member("price", order.limit)
    json.member("trigger", order.trigger)
    json.member("quantity", order.quantity)
    json.member("submitted", order.submitted)
    json.member("done", done)
    json.member("filled", filled)
    json.member("ending", endingWord)
    json.member("because", cancelReason?.rawValue)
    json.member("client_order_id", order.id.description)
  }
}

extension Fill {
  fileprivate func write(to json: inout JSONWriter) {
    json.member("time", time)
    json.member("order", order.number)
    json.member("side", side.rawValue)
    json.member("price", price)
    json.member("quantity", quantity)
    json.member("fee", fee)
    json.member("liquidity", liquidity.rawValue)
  }
}

extension ClosedTrade {
  fileprivate func write(to json: inout JSONWriter) {
    json.member("entry_time", entryTime)
    json.member("exit_time", exitTime)
    json.member("entry_order", entryOrder)
    json.member("quantity", quantity)
    json.member("entry_notional", entryNotional)
    json.member("exit_notional", exitNotional)
    json.member("fees", fees)
    json.member("realised", realised)
    json.member("exit_reason", exitReason.rawValue)
    json.member("highest", highest)
    json.member("ratchets", ratchets)
    json.member("escalations", escalations)
  }
}

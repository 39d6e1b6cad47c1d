import Execution
import Market

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
    try members.writeLists(&json, to: sink)
    try json.list("refusals", result.record.refusals, to: sink) { refusal, json in
      json.member("time", refusal.time)
      refusal.refusal.write(to: &json)
    }
    json.member("size_cuts", result.record.sizeCuts)
    json.breaker(result.record.trip, daysLost: result.record.daysLost)
    if includesEquity { try json.curve(EquityCurve(result), to: sink) }
    json.endObject()
    try json.drain(always: true, into: sink)
  }

  private var members: RunMembers { RunMembers(result) }

  private func writeInputs(_ json: inout JSONWriter) {
    json.member("csv", result.source)
    json.member("product", result.product.id)
    json.member("interval", result.interval.seconds)
    members.writeInputs(&json)
  }

  private func writeSummary(_ json: inout JSONWriter) {
    json.member("counts", Counts(result.record))
    json.md5(of: result, CanonicalText.allCases)
    json.member("starting_cash", result.startingCash)
    json.member("final_cash", result.finalCash)
    json.member("final_position", result.finalPosition)
    json.member("final_equity", result.finalEquity)
    members.writeEnd(&json)
    json.member("metrics", Metrics(result).named)
  }
}

import Market

/// The two runs of a `PathInterval` as JSON, `"format": "ratchet-interval 1"`;
/// `Documentation/result-format.md`.
public struct PathIntervalDocument: Sendable {
  /// The name and number of this schema.
  public static let format = "ratchet-interval 1"

  private let interval: PathInterval
  private let manifest: Manifest

  /// The document of two runs, with what it takes to make them again.
  public init(_ interval: PathInterval, manifest: Manifest) {
    self.interval = interval
    self.manifest = manifest
  }

  /// The whole document; it is short.
  public var bytes: [UInt8] {
    var json = JSONWriter()
    json.beginDocument(Self.format, by: manifest.program)
    json.key("manifest")
    manifest.write(to: &json)
    write("high_first", interval.highFirst, interval.highFirstMetrics, to: &json)
    write("low_first", interval.lowFirst, interval.lowFirstMetrics, to: &json)
    json.key("interval")
    json.beginObject(.lines)
    write("final_equity", interval.finalEquity, to: &json) { $1.value($0) }
    for (name, figure) in interval.metrics { write(name, figure, to: &json) { $1.value($0) } }
    json.endObject()
    json.endObject()
    return json.bytes
  }

  private func write(
    _ name: String, _ result: RunResult, _ metrics: Metrics, to json: inout JSONWriter
  ) {
    json.key(name)
    json.beginObject(.lines)
    json.member("final_equity", result.finalEquity)
    json.member("counts", Counts(result.record))
    json.member("metrics", metrics.named)
    json.endObject()
  }

  private func write<Value>(
    _ name: String, _ figure: PathInterval.Figure<Value>, to json: inout JSONWriter,
    value: (Value, inout JSONWriter) -> Void
  ) {
    json.key(name)
    guard let range = figure.range else { return json.null() }
    json.beginArray()
    value(range.lowerBound, &json)
    value(range.upperBound, &json)
    json.endArray()
  }
}

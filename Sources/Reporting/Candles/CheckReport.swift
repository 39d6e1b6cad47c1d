import JSON
import Market

/// What `runner data check` found out about a file.
public struct CheckReport: Hashable, Sendable {
  /// Whether a backtest takes the file.
  public enum Verdict: Hashable, Sendable {
    /// It does.
    case accepted
    /// It refuses it, for this reason.
    case refused(String)
  }

  /// Where the candles came from, as the user named it.
  public var source: String
  /// What stands out in the valid ones.
  public var check: CandleCheck
  /// What became of the rows.
  public var data: DataQuality
  /// Whether a backtest takes the file.
  public var verdict: Verdict

  /// A report of these parts.
  public init(source: String, check: CandleCheck, data: DataQuality, verdict: Verdict) {
    self.source = source
    self.check = check
    self.data = data
    self.verdict = verdict
  }

  /// Rows behind the header.
  public var rows: Int { check.count + data.badRows }

  /// The report as JSON, `"format": "ratchet-data-check 1"`; `Documentation/data-check.md`.
  public func json(by program: ResultDocument.Program) -> [UInt8] {
    var json = JSONWriter()
    json.beginDocument("ratchet-data-check 1", by: program)
    json.member("csv", source)
    json.member("interval", check.interval.seconds)
    json.member("rows", rows)
    json.key("candles")
    json.value(check, data)
    switch verdict {
    case .accepted:
      json.member("verdict", "accepted")
      json.member("reason", String?.none)
    case .refused(let reason):
      json.member("verdict", "refused")
      json.member("reason", reason)
    }
    json.endObject()
    return json.bytes
  }
}

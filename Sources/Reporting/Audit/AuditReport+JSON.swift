import Market

/// The comparison for programs; Documentation/audit.md describes the format.
extension AuditReport {
  /// Writes it as a value.
  ///
  /// - Parameters:
  ///   - json: Where.
  ///   - subject: What was compared.
  public func write(to json: inout JSONWriter, of subject: AuditSubject) {
    json.beginObject(.lines)
    json.member("format", "ratchet-audit-backtest 1")
    json.member("database", subject.database)
    json.member("kind", subject.kind)
    json.member("strategy", subject.strategy)
    json.member("candles_from", subject.candles)
    json.key("pairs")
    json.beginArray()
    for pair in pairs { json.value(pair) }
    json.endArray()
    json.member("begin", begin)
    json.member("end", end)
    json.member("candles", candles)
    json.member("other_candles", otherCandles)
    json.member("events", events)
    json.member("currency", unit)
    json.member("cash", cash)
    write(backtest, "backtest", to: &json)
    write(session, "session", to: &json)
    if let coverage { json.member("stop_coverage", coverage) }
    json.member("difference", difference)
    json.member("unexplained", unexplained)
    json.member("explained", isExplained)
    json.key("by_cause")
    json.beginObject(.lines)
    for share in shares {
      json.key(share.cause.rawValue)
      json.beginObject()
      json.member("count", share.count)
      json.member("worth", share.worth)
      json.endObject()
    }
    json.endObject()
    json.key("causes")
    json.beginArray(.lines)
    for (index, cause) in causes.enumerated() {
      json.beginObject()
      json.member("number", index + 1)
      json.member("cause", cause.cause.rawValue)
      json.member("pair", cause.pair)
      json.member("time", cause.time)
      json.member("worth", cause.worth)
      json.member("candles", cause.candles)
      json.member("words", cause.words)
      json.endObject()
    }
    json.endArray()
    json.key("differences")
    json.beginArray(.lines)
    for difference in differences {
      json.beginObject()
      json.member("kind", difference.kind.rawValue)
      json.member("pair", difference.pair)
      json.member("entry", difference.entry)
      json.member("name", difference.name)
      json.member("backtest", difference.backtest)
      json.member("session", difference.session)
      json.member("cause", difference.cause)
      json.endObject()
    }
    json.endArray()
    json.endObject()
  }

  private func write(_ side: Side, _ name: String, to json: inout JSONWriter) {
    json.key(name)
    json.beginObject()
    json.member("equity", side.equity)
    json.member("orders", side.orders)
    json.member("fills", side.fills)
    json.member("positions", side.positions)
    json.endObject()
  }
}

import Market
import Strategy

extension SignalExplanation {
  /// Writes it as the member `signal`.
  func write(time: Timestamp, to json: inout JSONWriter) {
    json.key("signal")
    json.beginObject(.lines)
    json.member("time", time)
    json.member("reference", signal.reference)
    json.member("offset", signal.offset)
    json.key("conditions")
    json.beginArray(.lines)
    for condition in conditions {
      json.beginObject()
      json.member("name", condition.name)
      json.member("candle", condition.candle)
      json.member("value", condition.value)
      json.member("relation", condition.relation.rawValue)
      json.member("bound", condition.bound)
      json.member("bound_name", condition.boundName)
      json.member("met", condition.isMet)
      json.endObject()
    }
    json.endArray()
    json.key("readings")
    json.beginArray(.lines)
    for moment in moments {
      json.beginObject()
      json.member("candle", moment.candle.start)
      json.member("close", moment.candle.close)
      for reading in moment.readings { json.member(reading.name, reading.value) }
      json.endObject()
    }
    json.endArray()
    json.endObject()
  }
}

extension EntryTerms {
  /// Writes what the size came from, as members of an entry.
  func writeSize(to json: inout JSONWriter) {
    json.member("equity", equity)
    json.member("position_size", positionSize)
    json.member("taker_rate", takerRate)
    json.member("available", available.description)
    json.member("allowed", quantity)
    json.member("cut_to", cut)
  }
}

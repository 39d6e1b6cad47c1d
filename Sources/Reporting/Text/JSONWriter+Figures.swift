import Execution
import Market

/// The shapes that several result files share.
extension JSONWriter {
  /// Writes a member with an array of objects, each in its line.
  mutating func list<Element, Failure: Error>(
    _ name: String, _ elements: some Sequence<Element>,
    to sink: ([UInt8]) throws(Failure) -> Void, members: (Element, inout JSONWriter) -> Void
  ) throws(Failure) {
    key(name)
    beginArray(.lines)
    for element in elements {
      beginObject()
      members(element, &self)
      endObject()
      try drain(into: sink)
    }
    endArray()
  }

  /// Writes the member `equity`: time and amount of each point.
  mutating func curve<Failure: Error>(
    _ points: some Sequence<EquityPoint>, to sink: ([UInt8]) throws(Failure) -> Void
  ) throws(Failure) {
    key("equity")
    beginArray(.lines)
    for point in points {
      beginArray()
      value(point.time)
      value(point.equity)
      endArray()
      try drain(into: sink)
    }
    endArray()
  }

  /// Writes the members of the breaker's trip and of the closes at which a day was lost.
  mutating func breaker(_ trip: BreakerTrip?, daysLost: [Timestamp]) {
    key("breaker")
    if let trip { trip.write(to: &self) } else { null() }
    key("daily_loss_times")
    beginArray()
    for time in daysLost { value(time) }
    endArray()
  }

  /// Writes the member `md5`: the digests of canonical texts by their names.
  mutating func md5<Text: CanonicalLines>(of run: Text.Run, _ texts: [Text]) {
    key("md5")
    beginObject()
    for text in texts { member(text.name, text.md5(of: run)) }
    endObject()
  }

  /// Writes a member with figures under their names.
  mutating func member(_ name: String, _ figures: [(name: String, value: Metrics.Value)]) {
    key(name)
    beginObject()
    for (name, value) in figures {
      key(name)
      self.value(value)
    }
    endObject()
  }

  /// Writes a figure: a whole number, a double, or `null`.
  mutating func value(_ figure: Metrics.Value) {
    switch figure {
    case .count(let count): value(count)
    case .figure(let figure?): value(figure)
    case .figure(nil): null()
    }
  }

  /// Writes a member with what happened how often.
  mutating func member(_ name: String, _ counts: Counts) {
    key(name)
    beginObject()
    member("signals", counts.signals)
    member("entries", counts.entries)
    key("skipped")
    beginObject()
    for cause in SkipCause.allCases { member(cause.rawValue, counts.skipped[cause] ?? 0) }
    endObject()
    member("orders", counts.orders)
    member("fills", counts.fills)
    member("trades", counts.trades)
    member("ratchets", counts.ratchets)
    member("partial_fills", counts.partialFills)
    key("exit_reasons")
    beginObject()
    for reason in ExitReason.allCases {
      if let count = counts.exitReasons[reason] { member(reason.rawValue, count) }
    }
    endObject()
    endObject()
  }
}

extension BreakerTrip {
  /// Writes it as the value of a key.
  func write(to json: inout JSONWriter) {
    json.beginObject()
    json.member("time", time)
    json.member("equity", equity)
    json.member("limit", level.description)
    json.endObject()
  }
}

extension Refusal {
  /// Writes the rule and both figures, as members of an object.
  func write(to json: inout JSONWriter) {
    json.member("rule", rule.rawValue)
    json.member("value", value.description)
    json.member("limit", limit.description)
  }
}

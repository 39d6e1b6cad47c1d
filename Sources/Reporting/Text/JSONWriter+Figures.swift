import Execution

/// The figures of a run, the same in every document that has them.
extension JSONWriter {
  /// Writes a member with an object of all figures.
  mutating func member(_ name: String, _ metrics: Metrics) {
    key(name)
    beginObject()
    for (name, value) in metrics.named {
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

  /// Writes a member with an object of all counts.
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

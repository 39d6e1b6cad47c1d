package import Market

/// The exchange's no to an order, in its own words and in ours.
package struct OrderRefusal: Hashable, Sendable, CustomStringConvertible {
  /// As far as the program does something about it.
  package var kind: RefusalKind
  /// The exchange's names of the reason, without those that say that there is none.
  package var reasons: [String]
  /// Its words; may be empty.
  package var message: String

  /// What the engine is told.
  package var rejection: Rejection { kind.rejection }

  /// A refusal for these reasons; fields of the answer that say nothing are dropped.
  init(reasons: [String], message: String, details: String = "") {
    var known: [String] = []
    for reason in reasons where !Self.saysNothing(reason) && !known.contains(reason) {
      known.append(reason)
    }
    self.reasons = known
    let words = [message, details].filter { !$0.isEmpty }
    self.message =
      words.count == 2 && words[0] == words[1] ? words[0] : words.joined(separator: "; ")
    kind = RefusalKind(reasons: known, words: self.message)
  }

  private static func saysNothing(_ reason: String) -> Bool {
    reason.isEmpty || (reason.hasPrefix("UNKNOWN_") && reason.hasSuffix("FAILURE_REASON"))
      || reason == "REJECT_REASON_UNSPECIFIED"
  }

  /// Everything that the exchange said: an error text that hides the reason helps nobody.
  package var description: String {
    let parts = [message, reasons.joined(separator: ", ")].filter { !$0.isEmpty }
    return parts.isEmpty
      ? "without a reason" : parts.joined(separator: " (") + (parts.count == 2 ? ")" : "")
  }
}

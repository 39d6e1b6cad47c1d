package import Market

/// The session and pair whose orders are known by their number alone.
package struct OrderScope: Hashable, Sendable {
  /// The run's session.
  package var session: UInt64
  /// The pair's place in the order of registration.
  package var pair: UInt32

  /// The orders of a pair in a session.
  package init(session: UInt64, pair: UInt32) {
    self.session = session
    self.pair = pair
  }

  /// The id of the order with that number.
  package func id(_ number: UInt64) -> ClientOrderID {
    ClientOrderID(session: session, pair: pair, number: number)
  }

  /// Whether the order is one of these.
  package func contains(_ id: ClientOrderID) -> Bool { id.session == session && id.pair == pair }

  /// Writes the number; the whole id of an order that is none of these.
  func write(_ id: ClientOrderID, to line: inout LineWriter) {
    if contains(id) { line.number(id.number) } else { line.word(id.description) }
  }

  /// Reads what `write` wrote.
  func read(_ line: inout LineReader) throws(RecordTextError) -> ClientOrderID {
    let word = try line.word("an order")
    if let number = UInt64(word), number < 1 << 48 { return id(number) }
    let digits = word.filter { $0 != "-" }
    guard word.utf8.count == 36, let uuid = UInt128(digits, radix: 16),
      let id = ClientOrderID(uuid: uuid)
    else { throw line.error("has '\(word)' where an order should stand") }
    return id
  }
}

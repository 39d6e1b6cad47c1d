package import Market

/// A row of `fills`: an execution, the position it belongs to and what it left.
package struct StoredFill: Hashable, Sendable {
  /// What was executed.
  package var fill: Fill
  /// The position's number.
  package var position: Int
  /// Units held after it.
  package var held: Quantity
  /// The event that reported it.
  package var seq: Int64

  /// A fill of these figures.
  package init(fill: Fill, position: Int, held: Quantity, seq: Int64) {
    self.fill = fill
    self.position = position
    self.held = held
    self.seq = seq
  }

  /// The columns in the order in which they are read.
  static let columns = """
    number, id, seq, position, time, side, price, quantity, fee, liquidity, held
    """

  /// Reads a row of `columns`.
  init(_ row: borrowing Statement, of scope: OrderScope) throws(SQLiteError) {
    let id: Int64 = try row.value(at: 1)
    fill = Fill(
      order: scope.id(try row.number(at: 0)), id: UInt64(bitPattern: id),
      time: try row.value(at: 4),
      side: try row.named(at: 5), price: try row.value(at: 6), quantity: try row.value(at: 7),
      fee: try row.value(at: 8), liquidity: try row.named(at: 9))
    position = try row.value(at: 3)
    held = try row.value(at: 10)
    seq = try row.value(at: 2)
  }
}

import Execution
import Market

/// All rows of a pair that its invariants speak of.
struct CheckedPair {
  /// A row of `fills`.
  struct FillRow {
    var fill: Fill
    var seq: Int64
    var position: Int
    var held: Quantity
  }

  let number: Int
  let product: String
  /// By number.
  var orders: [OrderRow] = []
  /// By number.
  var positions: [PositionRow] = []
  /// As they were counted.
  var fills: [FillRow] = []
  /// By position and ordinal.
  var ratchets: [RatchetRow] = []

  /// Reads them.
  ///
  /// - Throws: `SQLiteError` where a row holds what none can.
  init(_ number: Int, of store: StoreReader, _ product: String, session: UInt64) throws {
    self.number = number
    self.product = product
    let scope = OrderScope(session: session, pair: UInt32(number))
    orders = try store.orders(of: number)
    positions = try store.positions(of: number)
    try store.connection.prepare(
      """
      SELECT number, id, seq, position, time, side, price, quantity, fee, liquidity, held
      FROM fills WHERE pair = ? ORDER BY seq
      """
    ).forEachRow(number) { row in
      let fill = Fill(
        order: scope.id(try row.number(at: 0)), id: UInt64(bitPattern: try row.value(at: 1)),
        time: try row.time(at: 4), side: try row.named(at: 5), price: try row.price(at: 6),
        quantity: try row.quantity(at: 7), fee: try row.money(at: 8),
        liquidity: try row.named(at: 9))
      guard RecordBounds.notional(fill.price, fill.quantity) != nil else {
        throw row.unexpected(at: 7, expected: "a quantity that is worth what can be counted")
      }
      fills.append(
        FillRow(
          fill: fill, seq: Int64(try row.count(at: 2)), position: try row.count(at: 3),
          held: try row.quantity(at: 10)))
    }
    try store.connection.prepare(
      """
      SELECT position, ordinal, time, old_trigger, new_trigger, highest
      FROM ratchets WHERE pair = ? ORDER BY position, ordinal
      """
    ).forEachRow(number) { row in
      ratchets.append(
        RatchetRow(
          position: try row.count(at: 0), ordinal: try row.count(at: 1), time: try row.time(at: 2),
          from: try row.price(at: 3), to: try row.price(at: 4), highest: try row.price(at: 5)))
    }
  }

  /// What an order is called.
  func name(_ order: OrderRow) -> String { StoreName.order(order.order.id.number, of: product) }

  /// What a fill is called.
  func name(_ row: FillRow) -> String {
    "\(row.fill.id) of order \(StoreName.order(row.fill.order.number, of: product))"
  }

  /// What a position is called.
  func name(_ position: Int) -> String { StoreName.position(position, of: product) }
}

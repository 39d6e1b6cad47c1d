import Execution
import Market

extension OrderRow {
  /// The columns in the order in which they are read.
  static let columns = """
    number, position, role, side, price, stop_trigger, quantity, post_only, submitted, accepted, \
    done, state, filled, cancel_reason, cancel_time, rejection, exchange_id
    """

  /// Reads a row of `columns`.
  init(_ row: borrowing Statement, of scope: OrderScope) throws(SQLiteError) {
    let order = Order(
      id: scope.id(try row.number(at: 0)), side: try row.named(at: 3), limit: try row.price(at: 4),
      trigger: try row.optionalPrice(at: 5), quantity: try row.quantity(at: 6),
      isPostOnly: try row.value(at: 7), submitted: try row.time(at: 8))
    let position = row.isNull(at: 1) ? nil : try row.count(at: 1)
    self.init(order: order, role: try row.named(at: 2), position: position)
    accepted = try row.optionalTime(at: 9)
    done = try row.optionalTime(at: 10)
    state = try row.named(at: 11)
    filled = try row.quantity(at: 12)
    cancelReason = try row.optionalNamed(at: 13)
    cancelTime = try row.optionalTime(at: 14)
    rejection = try row.optionalNamed(at: 15)
    exchangeID = try row.value(at: 16)
    isStored = true
  }
}

extension Statement {
  /// An order's number: 48 bits.
  func number(at index: Int) throws(SQLiteError) -> UInt64 {
    let value: Int64 = try value(at: index)
    guard value >= 0, value < 1 << 48 else {
      throw unexpected(at: index, expected: "an order's number")
    }
    return UInt64(value)
  }

  /// One of the words of a type.
  func named<Value: RawRepresentable>(
    at index: Int, as type: Value.Type = Value.self
  ) throws(SQLiteError) -> Value where Value.RawValue == String {
    let text: String = try value(at: index)
    guard let value = Value(rawValue: text) else {
      throw unexpected(at: index, expected: "a \(type)")
    }
    return value
  }

  /// One of the words of a type, or nothing.
  func optionalNamed<Value: RawRepresentable>(
    at index: Int, as type: Value.Type = Value.self
  ) throws(SQLiteError) -> Value? where Value.RawValue == String {
    isNull(at: index) ? nil : try named(at: index)
  }
}

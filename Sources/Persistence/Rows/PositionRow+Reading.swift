import Execution
import Market

extension PositionRow {
  /// The columns in the order in which they are read.
  static let columns = """
    number, entry, opened, closed, held, bought, entry_notional, exit_notional, fees, exit_reason, \
    stop_trigger, highest, ratchets, escalations
    """

  /// Reads a row of `columns`.
  init(_ row: borrowing Statement) throws(SQLiteError) {
    number = try row.count(at: 0)
    entry = try row.number(at: 1)
    opened = try row.time(at: 2)
    closed = try row.optionalTime(at: 3)
    held = try row.quantity(at: 4)
    bought = try row.quantity(at: 5)
    entryNotional = try row.money(at: 6)
    exitNotional = try row.money(at: 7)
    fees = try row.money(at: 8)
    exitReason = try row.optionalNamed(at: 9)
    trigger = try row.optionalPrice(at: 10)
    highest = try row.price(at: 11)
    ratchets = try row.count(at: 12)
    escalations = try row.count(at: 13)
    isStored = true
  }
}

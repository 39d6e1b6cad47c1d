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
    number = try row.value(at: 0)
    entry = try row.number(at: 1)
    opened = try row.value(at: 2)
    closed = try row.value(at: 3)
    held = try row.value(at: 4)
    bought = try row.value(at: 5)
    entryNotional = try row.value(at: 6)
    exitNotional = try row.value(at: 7)
    fees = try row.value(at: 8)
    exitReason = try row.optionalNamed(at: 9)
    trigger = try row.value(at: 10)
    highest = try row.value(at: 11)
    ratchets = try row.value(at: 12)
    escalations = try row.value(at: 13)
    isStored = true
  }
}

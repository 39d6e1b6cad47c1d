import Execution
import Market

/// The statements by which rows are written, compiled once.
final class RowStatements {
  let begin: Statement
  let commit: Statement
  private let event: Statement
  private let order: Statement
  private let orderChange: Statement
  private let fill: Statement
  private let position: Statement
  private let positionChange: Statement
  private let ratchet: Statement
  private let signal: Statement
  private let anomaly: Statement
  private let incident: Statement
  private let equity: Statement
  private let account: Statement
  private let close: Statement
  private let halt: Statement
  private let request: Statement

  init(on connection: Connection) throws(SQLiteError) {
    begin = try connection.prepare("BEGIN IMMEDIATE")
    commit = try connection.prepare("COMMIT")
    event = try connection.prepare("INSERT INTO events VALUES (?, ?, ?, ?, ?)")
    order = try connection.prepare(
      """
      INSERT INTO orders VALUES
        (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """)
    orderChange = try connection.prepare(
      """
      UPDATE orders SET position = ?, accepted = ?, done = ?, state = ?, filled = ?,
        cancel_reason = ?, cancel_time = ?, rejection = ?, exchange_id = ?
      WHERE pair = ? AND number = ?
      """)
    fill = try connection.prepare("INSERT INTO fills VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
    position = try connection.prepare(
      "INSERT INTO positions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
    positionChange = try connection.prepare(
      """
      UPDATE positions SET closed = ?, held = ?, bought = ?, entry_notional = ?,
        exit_notional = ?, fees = ?, exit_reason = ?, stop_trigger = ?, highest = ?,
        ratchets = ?, escalations = ?
      WHERE pair = ? AND number = ?
      """)
    ratchet = try connection.prepare("INSERT INTO ratchets VALUES (?, ?, ?, ?, ?, ?, ?)")
    signal = try connection.prepare(
      """
      INSERT INTO signals (pair, time, outcome, number, rule, value, rule_limit)
      VALUES (?, ?, ?, ?, ?, ?, ?)
      """)
    anomaly = try connection.prepare(
      "INSERT INTO anomalies (seq, pair, time, problem) VALUES (?, ?, ?, ?)")
    incident = try connection.prepare(
      "INSERT INTO incidents (seq, pair, time, kind, words) VALUES (?, ?, ?, ?, ?)")
    equity = try connection.prepare("INSERT OR REPLACE INTO equity VALUES (?, ?)")
    account = try connection.prepare(
      """
      UPDATE account SET cash = ?, seq = ?, time = ?, trip_time = ?, trip_equity = ?,
        trip_level = ?
      """)
    close = try connection.prepare("UPDATE pairs SET close = ?, close_time = ? WHERE pair = ?")
    halt = try connection.prepare("UPDATE pairs SET is_halted = ? WHERE pair = ?")
    request = try connection.prepare(
      "UPDATE requests SET state = 'taken', seq = ? WHERE id = ? AND state = 'waiting'")
  }

  func write(_ entry: EventBuffer.Entry, in buffer: EventBuffer) throws(SQLiteError) {
    event.bind(entry.seq, at: 1)
    event.bind(entry.pair, at: 2)
    event.bind(entry.time, at: 3)
    buffer.withTexts(of: entry) { text, commands in
      event.bind(text: text, at: 4)
      if commands.isEmpty {
        event.bind(String?.none, at: 5)
      } else {
        event.bind(text: commands, at: 5)
      }
    }
    if try event.step() { event.reset() }
  }

  func write(_ row: OrderRow, of pair: Int) throws(SQLiteError) {
    let number = Int64(row.order.id.number)
    if row.isStored {
      try orderChange.run(
        row.position, row.accepted, row.done, row.state.rawValue, row.filled,
        row.cancelReason?.rawValue, row.cancelTime, row.rejection?.rawValue, row.exchangeID, pair,
        number)
    } else {
      let order = row.order
      try self.order.run(
        pair, number, row.position, row.role.rawValue, order.side.rawValue, order.limit,
        order.trigger, order.quantity, order.isPostOnly, order.submitted, row.accepted, row.done,
        row.state.rawValue, row.filled, row.cancelReason?.rawValue, row.cancelTime,
        row.rejection?.rawValue, row.exchangeID)
    }
  }

  func write(_ row: PairBook.FillRow, of pair: Int) throws(SQLiteError) {
    let fill = row.fill
    try self.fill.run(
      pair, Int64(fill.order.number), Int64(bitPattern: fill.id), row.seq, row.position, fill.time,
      fill.side.rawValue, fill.price, fill.quantity, fill.fee, fill.liquidity.rawValue, row.held)
  }

  func write(_ row: PositionRow, of pair: Int) throws(SQLiteError) {
    if row.isStored {
      try positionChange.run(
        row.closed, row.held, row.bought, row.entryNotional, row.exitNotional, row.fees,
        row.exitReason?.rawValue, row.trigger, row.highest, row.ratchets, row.escalations, pair,
        row.number)
    } else {
      try position.run(
        pair, row.number, Int64(row.entry), row.opened, row.closed, row.held, row.bought,
        row.entryNotional, row.exitNotional, row.fees, row.exitReason?.rawValue, row.trigger,
        row.highest, row.ratchets, row.escalations)
    }
  }

  func write(_ row: RatchetRow, of pair: Int) throws(SQLiteError) {
    try ratchet.run(pair, row.position, row.ordinal, row.time, row.from, row.to, row.highest)
  }

  func write(_ row: SignalRow, of pair: Int) throws(SQLiteError) {
    var number: Int64?
    let outcome: String
    switch row.outcome {
    case .entry(let order): (outcome, number) = ("entry", Int64(order))
    case .skipped(let cause): outcome = cause.rawValue
    }
    try signal.run(
      pair, row.time, outcome, number, row.refusal?.rule.rawValue,
      row.refusal.map { "\($0.value)" }, row.refusal.map { "\($0.limit)" })
  }

  func write(_ row: PairBook.AnomalyRow, of pair: Int) throws(SQLiteError) {
    try anomaly.run(row.seq, pair, row.time, row.problem)
  }

  func write(_ row: IncidentRow, seq: Int64) throws(SQLiteError) {
    try incident.run(seq, row.pair, row.time, row.kind.rawValue, row.words)
  }

  func write(_ point: AccountPoint) throws(SQLiteError) {
    try equity.run(point.time, point.equity)
  }

  func write(
    cash: Money, seq: Int64, time: Timestamp, trip: StoreReader.AccountRow.Trip?
  ) throws(SQLiteError) {
    try account.run(cash, seq, time, trip?.time, trip?.equity, trip?.level)
  }

  func write(close: Price, at time: Timestamp, of pair: Int) throws(SQLiteError) {
    try self.close.run(close, time, pair)
  }

  func write(request: Int64, takenAt seq: Int64) throws(SQLiteError) {
    try self.request.run(seq, request)
  }

  func write(isHalted: Bool, of pair: Int) throws(SQLiteError) { try halt.run(isHalted, pair) }
}

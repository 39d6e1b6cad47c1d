import Execution
import Market

/// Recomputes from the rows what always holds of a run: DESIGN, Invariants I1 to I5.
///
/// It trusts no row: sums do not trap, and a cell that none of our programs wrote is a finding.
struct StoreCheck {
  private let reader: StoreReader
  private var findings: Findings
  /// Cash at the start and what all fills made of it.
  private var cash = ExactSum<Money>()
  /// The same as it was when the last point of the equity curve was taken, with what was held then.
  private var equity = ExactSum<Money>()

  /// What is found in a store; nothing where there is no run yet.
  ///
  /// - Parameters:
  ///   - connection: A database with our newest schema.
  ///   - limit: How many defects of a kind are listed at most.
  /// - Returns: A check for each invariant.
  /// - Throws: `SQLiteError` where the file cannot be read.
  static func all(of connection: Connection, limit: Int) throws -> [DatabaseCheck] {
    guard try connection.integer("SELECT count(*) FROM run") > 0 else { return [] }
    // All of it as it was at one moment: an engine may be writing.
    try connection.execute("BEGIN")
    var check = StoreCheck(connection, limit: limit)
    do {
      try check.reading { check in try check.run() }
    } catch {
      // The error is the news.
      try? connection.execute("ROLLBACK")
      throw error
    }
    try connection.execute("COMMIT")
    return check.findings.checks
  }

  private init(_ connection: Connection, limit: Int) {
    reader = StoreReader(connection)
    findings = Findings(limit: limit)
  }

  /// Does something; a row that cannot be read is a finding.
  private mutating func reading(_ body: (inout StoreCheck) throws -> Void) throws {
    do { try body(&self) } catch let error as SQLiteError {
      guard error.problem == .unexpectedValue else { throw error }
      findings.add(.record, "\(error.message) in: \(error.sql ?? "")")
    } catch let error as StoreError {
      findings.add(.record, "\(error.problem)")
    }
  }

  private mutating func run() throws {
    let run = try reader.run()
    let account = try reader.account()
    let pairs = try reader.pairs()
    let submissions = try Submissions(reader, session: run.session, pairs: pairs, &findings)
    cash = ExactSum(run.cash)
    equity = cash
    let point = try EquityPoint(reader, run)
    var isComplete = true
    for (number, row) in pairs.enumerated() {
      var rows: CheckedPair?
      try reading { check in
        rows = try CheckedPair(number, of: check.reader, row.product, session: run.session)
      }
      guard let rows else {
        isComplete = false
        continue
      }
      rows.checkTriggers(&findings)
      rows.checkSells(submissions.of(number), &findings)
      rows.checkExits(&findings)
      rows.checkFills(&findings)
      rows.checkMoney(&findings)
      count(rows, row, until: point?.seq ?? 0)
    }
    guard isComplete else { return }
    if !cash.equals(account.cash) {
      findings.add(
        .money,
        "account: the cash is \(account.cash), the run's \(run.cash) and all fills give \(cash.text)"
      )
    }
    if let point, !equity.equals(point.equity) {
      findings.add(
        .money,
        "equity: at \(point.time) it is \(point.equity), cash and positions were worth "
          + equity.text)
    }
  }

  /// Adds what a pair's fills did to cash and equity.
  private mutating func count(_ rows: CheckedPair, _ pair: PairRow, until seq: Int64) {
    var held = ExactSum<Quantity>()
    for row in rows.fills {
      cash.add(row.fill.cashFlow)
      guard row.seq <= seq else { continue }
      equity.add(row.fill.cashFlow)
      switch row.fill.side {
      case .buy: held.add(row.fill.quantity)
      case .sell: held.subtract(row.fill.quantity)
      }
    }
    guard let close = pair.close else { return }
    equity.add(held.isTooLarge ? nil : close.notional(of: held.value))
  }
}

/// The last point of the equity curve, and the event whose account it shows.
private struct EquityPoint {
  let time: Timestamp
  let equity: Money
  let seq: Int64

  init?(_ reader: StoreReader, _ run: RunRow) throws {
    guard let last = try reader.latestPoint() else { return nil }
    (time, equity) = (last.time, last.equity)
    switch run.keeping {
    // A whole curve is written when the run is over.
    case .changes: seq = .max
    // The last one is written with each close.
    case .all:
      seq =
        try reader.connection.prepare(
          "SELECT seq FROM events WHERE body LIKE 'candle %' ORDER BY seq DESC LIMIT 1"
        ).first { row in Int64(try row.count(at: 0)) } ?? 0
    }
  }
}

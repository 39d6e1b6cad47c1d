import Execution
package import Market
package import Persistence
import Simulator

/// The session's side: what its store says.
package struct SessionRecord: Sendable {
  /// A pair's rows.
  package struct Pair: Sendable {
    package var product: String
    package var orders: [OrderRow]
    package var fills: [Fill]
    package var positions: [PositionRow]
    /// Whether its entries are halted, for a reason that something could have ended; see `mayStayHalted`.
    package var isHalted = false

    /// Rows of a product.
    package init(
      product: String, orders: [OrderRow] = [], fills: [Fill] = [], positions: [PositionRow] = []
    ) {
      self.product = product
      self.orders = orders
      self.fills = fills
      self.positions = positions
    }
  }

  /// Its number, which is part of each order's name.
  package var session: UInt64
  /// What it began with.
  package var start: Money
  /// Quote currency in hand.
  package var cash: Money
  /// In the order of registration.
  package var pairs: [Pair]
  /// What `db check` and `audit` have found.
  package var defects: [String] = []

  /// A record of these parts.
  package init(session: UInt64, start: Money, cash: Money, pairs: [Pair]) {
    self.session = session
    self.start = start
    self.cash = cash
    self.pairs = pairs
  }

  /// Reads a store as it is at one moment, while a session may write it.
  ///
  /// - Parameter path: The database.
  /// - Throws: `SQLiteError`, `StoreError` where it is none.
  package init(reading path: String) throws {
    self = try Store.look(at: Store.Location(path: path)) { store in
      let account = try store.reader.account()
      return SessionRecord(
        session: store.run.session, start: store.run.cash, cash: account.cash,
        pairs: try store.pairs.indices.map { try Pair($0, of: store) })
    }
  }

  /// Looks for damage and replays the record, as `db check` and `audit` do; both only read.
  ///
  /// - Parameter path: The database.
  package mutating func verify(_ path: String) {
    do {
      let connection = try Connection(path: path, mode: .readOnly)
      for check in try DatabaseCheck.all(of: connection, Schema.migrator) {
        defects += check.defects.map { "db check: \(check.name): \($0)" }
      }
      let store = try Store.read(at: Store.Location(path: path))
      let entry = TorturePlan.strategies.first { $0.name == store.run.strategy }
      if let entry {
        _ = try entry.audit(RecordedRun(store))
      } else {
        defects.append("audit: nobody knows the strategy '\(store.run.strategy)'")
      }
    } catch {
      defects.append("audit: \(error)")
    }
  }
}

extension SessionRecord.Pair {
  /// Whether entries may be halted for as long as the market stands still.
  ///
  /// A candle that is not the exchange's is made up for by the next one. A feed that says nothing is
  /// connected anew, which ends its halt, but the session may be told to end before.
  static func mayStayHalted(_ number: Int, _ incidents: [IncidentRow]) -> Bool {
    var reasons: Set<Substring> = []
    for incident in incidents where incident.pair.map({ $0 == number }) ?? true {
      if incident.kind == .halted { reasons.insert(incident.words.prefix { $0 != ":" }) }
      if incident.kind == .reconnected { reasons.remove("feed") }
      if incident.kind == .resumed { reasons = [] }
    }
    return reasons.contains("candles") || reasons.contains("feed")
  }

  init(_ number: Int, of store: Store) throws {
    product = store.pairs[number].product
    orders = try store.reader.orders(of: number)
    positions = try store.reader.positions(of: number)
    if store.pairs[number].isHalted {
      isHalted = !Self.mayStayHalted(number, try store.reader.incidents())
    }
    fills = []
    for order in orders where order.filled > .zero {
      fills += try store.order(order.order.id.number, of: number).1.map(\.fill)
    }
  }
}

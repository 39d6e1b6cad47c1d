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
    /// When its last candle was over that the session has closed.
    package var closeTime: Timestamp?
    /// Whether its entries are halted, for a reason that something could have ended; see `hold`.
    package var isHalted = false
    /// Whether they are halted, for whatever reason.
    package var isStopped = false
    /// When the session was told of the last candle that is not its own, where that holds entries.
    package var differed: Timestamp?

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

  /// An operator's sale, as the session took it up.
  package struct Sale: Hashable, Sendable {
    /// Whose position was sold.
    package var pair: Int
    /// By the session's time.
    package var time: Timestamp
    /// The least that was to be had.
    package var price: Price

    /// A sale of these parts.
    package init(pair: Int, time: Timestamp, price: Price) {
      self.pair = pair
      self.time = time
      self.price = price
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
  /// When the breaker tripped; `nil` where it has not.
  package var trip: Timestamp?
  /// The entries that were decided on all the same; see `verify`.
  package var entriesWhileTripped: [ClientOrderID] = []
  /// Likewise those that were decided on while the pair was halted.
  package var entriesWhileHalted: [ClientOrderID] = []
  /// What operators have sold, oldest first.
  package var sales: [Sale] = []
  /// Whether all that happened was gone through, which says what the three above are.
  package var isWalked = false
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
      var record = SessionRecord(
        session: store.run.session, start: store.run.cash, cash: account.cash,
        pairs: try store.pairs.indices.map { try Pair($0, of: store) })
      record.trip = account.trip?.time
      return record
    }
  }

  /// Whether an order's end has been asked for and has not come: another may take its place a moment later, and
  /// who goes meanwhile does not hear what that has sold.
  package var isMovingOrders: Bool {
    pairs.contains { $0.orders.contains { $0.state == .cancelPending } }
  }

  /// When each order was decided on, by its name.
  var decisions: [String: Timestamp] {
    Dictionary(
      pairs.flatMap(\.orders).map { ("\($0.order.id)", $0.order.submitted) },
      uniquingKeysWith: { $1 })
  }

  /// Looks for damage and replays the record, as `db check` and `audit` do; both only read.
  ///
  /// - Parameters:
  ///   - path: The database.
  ///   - isSteered: Whether operators have done anything: all that happened is gone through then.
  package mutating func verify(_ path: String, isSteered: Bool) {
    do {
      let connection = try Connection(path: path, mode: .readOnly)
      for check in try DatabaseCheck.all(of: connection, Schema.migrator) {
        defects += check.defects.map { "db check: \(check.name): \($0)" }
      }
      let store = try Store.read(at: Store.Location(path: path))
      if trip != nil || isSteered { walk(through: try store.steps()) }
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
  /// What holds a pair's entries that may do so for as long as the market stands still.
  struct Hold: Hashable, Sendable {
    /// A feed that said nothing: it is connected anew, which ends that, but the session may be told to end
    /// before.
    var isOfFeed = false
    /// A candle that is not the exchange's, and when the last one was told of: another makes up for it.
    var ofCandle: Timestamp?
  }

  /// What still holds a pair's entries behind everything that the session lived through.
  static func hold(_ number: Int, _ incidents: [IncidentRow]) -> Hold {
    var reasons: Set<Substring> = []
    var differed: Timestamp?
    for incident in incidents where incident.pair.map({ $0 == number }) ?? true {
      let reason = incident.words.prefix { $0 != ":" }
      if incident.kind == .halted { reasons.insert(reason) }
      if incident.kind == .candleDiffers || incident.kind == .halted && reason == "candles" {
        differed = incident.time
      }
      if incident.kind == .reconnected { reasons.remove("feed") }
      if incident.kind == .resumed { reasons = [] }
    }
    return Hold(
      isOfFeed: reasons.contains("feed"), ofCandle: reasons.contains("candles") ? differed : nil)
  }

  init(_ number: Int, of store: Store) throws {
    product = store.pairs[number].product
    closeTime = store.pairs[number].closeTime
    isStopped = store.pairs[number].isHalted
    orders = try store.reader.orders(of: number)
    positions = try store.reader.positions(of: number)
    if store.pairs[number].isHalted {
      let hold = Self.hold(number, try store.reader.incidents())
      isHalted = !hold.isOfFeed
      differed = hold.ofCandle
    }
    fills = []
    for order in orders where order.filled > .zero {
      fills += try store.order(order.order.id.number, of: number).1.map(\.fill)
    }
  }
}

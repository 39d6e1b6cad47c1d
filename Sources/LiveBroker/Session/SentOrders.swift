import Execution
import Market

/// The orders of a pair as the exchange is known to have them, beside what the engine knows.
///
/// The engine counts fills; this says which of them it was told of, and what the exchange calls an order.
struct SentOrders: Sendable {
  /// An order that was sent.
  struct Sent: Sendable {
    /// As the engine made it.
    let order: Order
    /// The exchange's name of it, once known.
    var exchangeID: String?
    /// How much of it the engine was told is filled.
    var filled = Quantity.zero
    /// The fills that the engine was told of.
    var fills: Set<UInt64> = []
    /// Whether the engine was told that it is over.
    var isOver = false
    /// Whether it was sent without an answer, and may not have arrived yet.
    var mayBeOnItsWay = false
    /// Since when it is given up while it may be on its way: it may still arrive.
    var inDoubt: Timestamp?
    /// Whether it may still arrive though it was given up.
    var isInDoubt: Bool { inDoubt != nil }
  }

  /// How many are kept that are over; reports about older ones find nobody.
  private static let kept = 64

  private var orders: [ClientOrderID: Sent] = [:]
  private var names: [String: ClientOrderID] = [:]
  private var over: [ClientOrderID] = []

  /// An order, if it is known.
  subscript(id: ClientOrderID) -> Sent? { orders[id] }

  /// The order that the exchange calls so.
  func id(ofExchange name: String) -> ClientOrderID? { names[name] }

  /// Notes that an order is sent.
  mutating func add(_ order: Order) {
    if orders[order.id] == nil { orders[order.id] = Sent(order: order) }
  }

  /// Notes an order of the record, which an earlier process may have sent.
  mutating func resume(_ managed: ManagedOrder, knowing fills: [UInt64]) {
    var sent = orders[managed.order.id] ?? Sent(order: managed.order)
    // What is known meanwhile is not forgotten.
    guard !sent.isOver else { return }
    sent.filled = max(sent.filled, managed.filled)
    sent.fills.formUnion(fills)
    sent.mayBeOnItsWay = true
    orders[managed.order.id] = sent
  }

  /// Notes what the exchange calls an order.
  mutating func name(_ id: ClientOrderID, _ exchangeID: String) {
    guard orders[id] != nil else { return }
    orders[id]?.exchangeID = exchangeID
    names[exchangeID] = id
  }

  /// Notes that the engine is told of a fill; `false` where it was already.
  mutating func take(_ fill: Fill) -> Bool {
    guard var sent = orders[fill.order], sent.fills.insert(fill.id).inserted else { return false }
    sent.filled += fill.quantity
    orders[fill.order] = sent
    if sent.filled == sent.order.quantity { end(fill.order) }
    return true
  }

  /// Notes that an order's request broke off: it may still arrive.
  mutating func lose(_ id: ClientOrderID) { orders[id]?.mayBeOnItsWay = true }

  /// Notes that an order may still arrive though the engine is told that it is over.
  mutating func doubt(_ id: ClientOrderID, since time: Timestamp) { orders[id]?.inDoubt = time }

  /// Notes that it has, or will not any more.
  mutating func trust(_ id: ClientOrderID) { orders[id]?.inDoubt = nil }

  /// The orders that may still arrive.
  var inDoubt: [ClientOrderID] { over.filter { orders[$0]?.isInDoubt == true } }

  /// Notes an order of the record that was given up at a time, and may have arrived since; nothing where it is
  /// known.
  mutating func resume(givenUp order: Order, at time: Timestamp) {
    guard orders[order.id] == nil else { return }
    resume(over: order, filled: .zero, knowing: [])
    doubt(order.id, since: time)
  }

  /// Notes an order of the record that is over; nothing where it is known.
  mutating func resume(over order: Order, filled: Quantity, knowing fills: [UInt64]) {
    guard orders[order.id] == nil else { return }
    orders[order.id] = Sent(order: order, filled: filled, fills: Set(fills))
    end(order.id)
  }

  /// Notes that the engine is told of an order's end.
  mutating func end(_ id: ClientOrderID) {
    guard orders[id]?.isOver == false else { return }
    orders[id]?.isOver = true
    over.append(id)
    guard over.count > Self.kept else { return }
    let oldest = over.removeFirst()
    if let name = orders.removeValue(forKey: oldest)?.exchangeID { names[name] = nil }
  }
}

public import Market

/// The last orders that are over, and the executions counted for them and for those that work.
///
/// Reports come late and twice. An execution is known by its order and id, so a repeated one changes
/// nothing (invariant I4); a late one finds its order here. What is older is forgotten, and a report
/// about it is an anomaly.
@usableFromInline
package struct RecentOrders: Hashable, Sendable, Codable {
  /// How many orders are kept.
  static var capacity: Int { 16 }

  private struct Execution: Hashable, Sendable, Codable {
    let order: UInt64
    let id: UInt64
  }

  /// A ring: the oldest is overwritten.
  private var orders: [ManagedOrder] = []
  private var oldest = 0
  private var executions: [Execution] = []

  @usableFromInline package init() {}

  /// Keeps an order that is over, and forgets the oldest.
  @usableFromInline
  mutating func keep(_ order: ManagedOrder) {
    if orders.count < Self.capacity {
      orders.append(order)
      return
    }
    if orders[oldest].filled > .zero {
      let forgotten = orders[oldest].order.id.number
      executions.removeAll { $0.order == forgotten }
    }
    orders[oldest] = order
    oldest = (oldest + 1) % Self.capacity
  }

  /// The order of that id, if it is still known.
  @usableFromInline
  func order(_ id: ClientOrderID) -> ManagedOrder? { orders.first { $0.order.id == id } }

  /// Puts back an order that a late report has changed.
  @usableFromInline
  mutating func update(_ order: ManagedOrder) {
    guard let index = orders.firstIndex(where: { $0.order.id == order.order.id }) else { return }
    orders[index] = order
  }

  /// Whether the execution was counted before.
  @usableFromInline
  func hasCounted(_ fill: Fill) -> Bool {
    executions.contains { $0.order == fill.order.number && $0.id == fill.id }
  }

  /// Notes that the execution is counted.
  @usableFromInline
  mutating func count(_ fill: Fill) {
    assert(!hasCounted(fill), "I4: a fill was applied twice")
    executions.append(Execution(order: fill.order.number, id: fill.id))
  }
}

import Market
import Sandbox

/// I4: each fill of the exchange is in the record exactly once, and no other.
extension EndCheck {
  /// What makes a fill the same on both sides; each numbers fills for itself.
  private struct Execution: Hashable, CustomStringConvertible {
    var order: ClientOrderID
    var side: Side
    var price: Price
    var quantity: Quantity
    var fee: Money
    var time: Timestamp

    init(_ fill: Fill, of order: ClientOrderID) {
      self.order = order
      side = fill.side
      price = fill.price
      quantity = fill.quantity
      fee = fill.fee
      time = fill.time
    }

    var description: String {
      "\(side.rawValue) \(order.pair)-\(order.number) of \(quantity) at \(price), fee \(fee), "
        + "\(time)"
    }
  }

  static func fills(_ testimony: Testimony, _ record: SessionRecord) -> [Violation] {
    var counts: [Execution: Int] = [:]
    for fill in testimony.fills {
      let order = testimony.orders[fill.order]
      guard let id = ClientOrderID(clientName: order.wish.clientID) else { continue }
      counts[Execution(fill.fill, of: id), default: 0] += 1
    }
    for fill in record.pairs.flatMap(\.fills) {
      counts[Execution(fill, of: fill.order), default: 0] -= 1
    }
    let violations = counts.compactMap { execution, count -> Violation? in
      if count == 0 { return nil }
      return Violation(
        .fills,
        count > 0
          ? "the exchange has a fill that the record lacks: \(execution)"
          : "the record has a fill that the exchange lacks: \(execution)")
    }
    return violations.sorted { $0.text < $1.text }
  }
}

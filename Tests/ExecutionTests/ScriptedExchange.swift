import Execution
import Market
import Simulator
import TestKit

/// An exchange that answers late, in any order, twice, and fills orders while they are cancelled.
///
/// It knows what really happened; the engine only what it is told. Each seed leaves some kinds of
/// trouble out, since faults hide each other.
struct ScriptedExchange {
  /// An order as the exchange has it.
  struct Held {
    var order: Order
    var remaining: Quantity
  }

  private(set) var held: [Held] = []
  /// Base currency bought less sold, in truth.
  private(set) var position = Quantity.zero
  /// Quote currency received less paid, in truth.
  private(set) var cash = Money.zero
  /// Reports on their way.
  private(set) var mail: [OrderReport] = []
  private var random: SplitMix64
  private var fills: UInt64 = 0
  private let duplicates: Bool
  private let shuffles: Bool
  private let racesCancels: Bool
  private let refuses: Bool

  init(seed: UInt64) {
    random = SplitMix64(seed: seed)
    duplicates = Bool.random(using: &random)
    shuffles = Bool.random(using: &random)
    racesCancels = Bool.random(using: &random)
    refuses = Bool.random(using: &random)
  }

  /// Sells that the exchange still has.
  var outstandingSells: Quantity {
    held.reduce(.zero) { $0 + ($1.order.side == .sell ? $1.remaining : .zero) }
  }

  mutating func perform(_ command: Command, at time: Timestamp) {
    switch command {
    case .submit(let order, role: _):
      if refuses, Int.random(in: 0..<10, using: &random) == 0 {
        send(order.id, .rejected(.other), time)
        return
      }
      // The exchange holds what is offered for sale, so that it cannot be sold twice.
      if order.side == .sell, order.quantity > position - outstandingSells {
        send(order.id, .rejected(.insufficientFunds), time)
        return
      }
      held.append(Held(order: order, remaining: order.quantity))
      send(order.id, .accepted, time)
    case .cancel(let id, reason: _):
      if racesCancels, Bool.random(using: &random) { fill(id, time) }
      if refuses, Int.random(in: 0..<10, using: &random) == 0 {
        send(id, .cancelRefused, time)
      } else if let index = held.firstIndex(where: { $0.order.id == id }) {
        held.remove(at: index)
        send(id, .cancelled, time)
      } else {
        send(id, .cancelRefused, time)
      }
    }
  }

  /// Fills a random order, or a part of it.
  mutating func fillSomething(at time: Timestamp) {
    guard let order = held.randomElement(using: &random) else { return }
    fill(order.order.id, time)
  }

  private mutating func fill(_ id: ClientOrderID, _ time: Timestamp) {
    guard let index = held.firstIndex(where: { $0.order.id == id }) else { return }
    let order = held[index].order
    let whole = Bool.random(using: &random)
    let part = Quantity(steps: .random(in: 1...held[index].remaining.steps, using: &random))
    let quantity = whole ? held[index].remaining : part
    held[index].remaining -= quantity
    if held[index].remaining == .zero { held.remove(at: index) }
    fills += 1
    let fill = Fill(
      order: id, id: fills, time: time, side: order.side, price: order.limit, quantity: quantity,
      fee: (order.limit * quantity).fee(at: rate("0.001")), liquidity: .maker)
    switch order.side {
    case .buy:
      position += quantity
      cash -= fill.notional + fill.fee
    case .sell:
      position -= quantity
      cash += fill.notional - fill.fee
    }
    send(id, .filled(fill), time)
  }

  /// The next report to arrive, if one does now.
  mutating func deliver() -> OrderReport? {
    guard !mail.isEmpty else { return nil }
    // An order's own first answer comes first, and fills come in the sequence of trading, since
    // they are numbered; all else may overtake. What is lost for good is for reconciliation.
    var index = 0
    if shuffles {
      index = Int.random(in: 0..<mail.count, using: &random)
      if isFill(mail[index]) { index = mail.firstIndex(where: isFill) ?? index }
      let id = mail[index].order
      if let first = mail.firstIndex(where: { $0.order == id && $0.news == .accepted }) {
        index = first
      }
    }
    let report = mail.remove(at: index)
    if duplicates, report.news != .cancelRefused, Int.random(in: 0..<5, using: &random) == 0 {
      mail.append(report)
    }
    return report
  }

  private func isFill(_ report: OrderReport) -> Bool {
    if case .filled = report.news { true } else { false }
  }

  private mutating func send(_ id: ClientOrderID, _ news: OrderReport.News, _ time: Timestamp) {
    mail.append(OrderReport(order: id, time: time, news: news))
  }
}

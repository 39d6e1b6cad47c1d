import Execution
import Market
import Persistence
import Sandbox

/// What operators have asked for is done, and nothing that they have not.
extension EndCheck {
  static func steering(_ testimony: Testimony, _ record: SessionRecord) -> [Violation] {
    forgotten(testimony, record) + unasked(testimony, record) + cheaper(testimony, record)
      + decidedWhileHalted(record)
  }

  /// A halt outlives restarts; a sale goes on until all is sold; an entry that is ended does not work.
  private static func forgotten(
    _ testimony: Testimony, _ record: SessionRecord
  ) -> [Violation] {
    var violations: [Violation] = []
    for (place, pair) in record.pairs.enumerated()
    where testimony.hold(of: place) == .halted && !pair.isStopped {
      violations.append(
        Violation(.limits, "\(pair.product): an operator has halted its entries, and they go on"))
    }
    for (action, answer) in testimony.commands where answer.isCertain {
      switch action {
      case .forceExit(let place, let number, _):
        let pair = record.pairs[place]
        let isOpen = pair.positions.contains { $0.number == number && $0.closed == nil }
        guard isOpen else { continue }
        for row in pair.orders where row.done == nil && row.order.side == .sell {
          guard row.role == .stop || row.role == .escalation else { continue }
          violations.append(
            Violation(
              .orders,
              "\(pair.product)-p\(number): an operator sells it, and it has a \(row.role.rawValue)")
          )
        }
      case .cancelOrder(let place, let number):
        let pair = record.pairs[place]
        if pair.orders.contains(where: { $0.order.id.number == number && $0.done == nil }) {
          violations.append(
            Violation(.orders, "\(pair.product)-\(number): an operator ended it, and it works"))
        }
      case .halt, .resume, .resetBreaker: break
      }
    }
    return violations
  }

  /// Every sale of an operator that was carried out was asked for, and as often.
  private static func unasked(_ testimony: Testimony, _ record: SessionRecord) -> [Violation] {
    var asked: [Sale: Int] = [:]
    for (action, answer) in testimony.commands where answer != .refused {
      if case .forceExit(let pair, _, let price) = action {
        asked[Sale(pair: pair, price: price), default: 0] += 1
      }
    }
    return record.sales.compactMap { sale in
      let kind = Sale(pair: sale.pair, price: sale.price)
      if let left = asked[kind], left > 0 {
        asked[kind] = left - 1
        return nil
      }
      return Violation(
        .orders,
        "\(record.pairs[sale.pair].product): a sale at \(sale.price) was carried out at "
          + "\(sale.time), and nobody asked for it, or only once")
    }
  }

  /// An operator's sell has a sale before it, and no lower limit unless it is the rescue of one that did not
  /// sell: SEMANTICS 5.10.
  private static func cheaper(_ testimony: Testimony, _ record: SessionRecord) -> [Violation] {
    guard record.isWalked else { return [] }
    var violations: [Violation] = []
    for (place, pair) in record.pairs.enumerated() {
      let patience = testimony.exits[place]?.escalateAfter ?? TimeSpan(nanoseconds: 0)
      for row in pair.orders where row.role == .forced {
        let name = "sell \(pair.product)-\(row.order.id.number)"
        let earlier = record.sales.filter {
          $0.pair == place && $0.time <= row.order.submitted
        }
        // Of several at one time any may be the one; one of the order's own time may have come behind it.
        let before = earlier.last { $0.time < row.order.submitted }
        let candidates = earlier.filter {
          $0.time == row.order.submitted || $0.time == before?.time
        }
        guard let sale = candidates.min(by: { $0.price < $1.price }) else {
          violations.append(
            Violation(.orders, "\(name) is an operator's, and no sale was carried out before it"))
          continue
        }
        let isRescue = candidates.contains { row.order.submitted >= $0.time + patience }
        if row.order.limit < sale.price, !isRescue {
          violations.append(
            Violation(
              .orders,
              "\(name) is at \(row.order.limit), and the operator wants at least \(sale.price)"))
        }
      }
    }
    return violations
  }

  private struct Sale: Hashable {
    var pair: Int
    var price: Price
  }

  private static func decidedWhileHalted(_ record: SessionRecord) -> [Violation] {
    record.entriesWhileHalted.map { id in
      Violation(
        .limits,
        "buy \(record.pairs[Int(id.pair)].product)-\(id.number) was decided on while the pair was halted"
      )
    }
  }
}

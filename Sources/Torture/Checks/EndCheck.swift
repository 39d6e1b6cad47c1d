import Execution
import Market
import Persistence
import Sandbox

/// Compares the exchange's books with the session's record: I3, I5 and I8, when both have come to rest, and
/// that trading goes on.
package enum EndCheck {
  /// What does not agree.
  package static func violations(
    of testimony: Testimony, _ record: SessionRecord
  ) -> [Violation] {
    let defects = record.defects.map { Violation(.record, $0) }
    return cover(testimony, record) + fills(testimony, record) + money(testimony, record)
      + orders(testimony, record) + halts(testimony, record)
      + trading(testimony, record) + steering(testimony, record) + defects
  }

  /// Nothing goes wrong any more: only what is missing holds entries, and an operator's halt.
  private static func halts(_ testimony: Testimony, _ record: SessionRecord) -> [Violation] {
    if testimony.hasLostMoney { return [] }
    return record.pairs.enumerated().filter { place, pair in
      pair.isHalted && testimony.hold(of: place) == .free && !testimony.hasLost(pair.product)
        && !awaitsCandle(pair, place, testimony)
    }.map { _, pair in
      Violation(.life, "\(pair.product): its entries are halted at the end, and nothing is amiss")
    }
  }

  private static func cover(_ testimony: Testimony, _ record: SessionRecord) -> [Violation] {
    var violations: [Violation] = []
    for (place, market) in testimony.standing.enumerated() {
      let name = testimony.name(place)
      let exits = market.working.values.filter { $0.wish.side == .sell }
      if exits.count > 1 {
        violations.append(Violation(.cover, "\(name): \(exits.count) exits work at the end"))
      }
      var there = market
      there.held = testimony.coverable(market.held, of: place)
      if market.covered != there.held, !testimony.isDust(there, of: place) {
        violations.append(
          Violation(
            .cover,
            "\(name): \(there.held) is held at the end, and exits are for \(market.covered)"))
      }
      guard record.pairs.indices.contains(place) else { continue }
      let own = record.pairs[place].positions.reduce(Quantity.zero) { $0 + $1.held }
      if own != market.held {
        violations.append(
          Violation(.cover, "\(name): \(market.held) is held, the record says \(own)"))
      }
    }
    return violations
  }

  private static func money(_ testimony: Testimony, _ record: SessionRecord) -> [Violation] {
    var violations: [Violation] = []
    func compare(_ one: Money, _ other: Money, _ what: String, _ against: String) {
      guard one != other else { return }
      violations.append(Violation(.money, "\(what) is \(one), \(against) \(other)"))
    }
    var totals = testimony.settings.balances
    var holds: [String: Money] = [:]
    for fill in testimony.fills {
      let listing = testimony.settings.listings[testimony.orders[fill.order].market]
      let coins = Money(fill.fill.quantity)
      totals[listing.quoteCurrency, default: .zero] += fill.fill.cashFlow
      totals[listing.baseCurrency, default: .zero] += fill.fill.side == .buy ? coins : -coins
    }
    let moved = testimony.moved
    for (currency, amount) in moved { totals[currency, default: .zero] += amount }
    for order in testimony.orders where order.status.isWorking {
      let listing = testimony.settings.listings[order.market]
      let currency = order.wish.side == .buy ? listing.quoteCurrency : listing.baseCurrency
      holds[currency, default: .zero] += order.held
    }
    for currency in testimony.ledger.currencies {
      let balance = testimony.ledger[currency]
      compare(
        balance.total, totals[currency] ?? .zero, "the exchange's \(currency)", "its fills give")
      compare(
        balance.held, holds[currency] ?? .zero, "what the exchange holds of \(currency)",
        "its orders hold")
    }
    let flow = record.pairs.flatMap(\.fills).reduce(Money.zero) { $0 + $1.cashFlow }
    compare(record.cash, record.start + flow, "the record's cash", "its fills give")
    let quote = testimony.settings.listings[0].quoteCurrency
    compare(
      record.cash, testimony.ledger[quote].total - (moved[quote] ?? .zero), "the record's cash",
      "the exchange has, without what others moved,")
    return violations
  }
}

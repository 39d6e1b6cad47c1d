import Execution
import Market
import Sandbox

/// What must hold when an order is accepted: I6's one entry of a pair at a time, and I7.
extension EventCheck {
  /// Looks at an order before it counts.
  mutating func checkBefore(_ order: SandboxOrder) {
    let place = order.market
    guard order.wish.side == .buy else {
      let mayBeGivenUp = testimony.hasLatency && isLate(order)
      markets[place].note(
        order, mayBeTwice: testimony.mayHaveTwins, mayBeGivenUp: mayBeGivenUp)
      return
    }
    checkHalt(order)
    // It may have been given up meanwhile: decision note 19. Then nobody counts it, and what it buys, before
    // it is found.
    if isLate(order) { markets[place].hasLateEntry = true }
    guard !markets[place].hasLateEntry else { return }
    checkAlone(order)
    checkLimits(order)
  }

  /// Whether an order has come later than the session decided on it, by its record.
  private func isLate(_ order: SandboxOrder) -> Bool {
    testimony.decisions[order.wish.clientID].map { $0 + TimeSpan(seconds: 1) < order.created }
      ?? false
  }

  // MARK: - I6

  /// A pair that holds something, or has an entry, makes no other.
  private mutating func checkAlone(_ order: SandboxOrder) {
    let market = markets[order.market]
    let isHeld = market.held > .zero && !testimony.isDust(market, of: order.market)
    guard isHeld || market.working.values.contains(where: { $0.wish.side == .buy }),
      let last = market.lastEntry, !isDoubtful(since: last, at: order.created)
    else { return }
    add(
      .orders,
      "\(testimony.name(order)) is accepted, and "
        + (isHeld ? "\(market.held) is held" : "another entry works"))
  }

  // MARK: - I7

  private mutating func checkLimits(_ order: SandboxOrder) {
    let limits = testimony.limits
    let taken = markets.indices.filter { $0 == order.market || markets[$0].isCounted }.count
    if let most = limits.maxPositions, taken > most {
      add(
        .limits, "\(testimony.name(order)) is the entry of pair \(taken) of \(most) at once")
    }
    let equity = markets.reduce(cash.double) { $0 + $1.worth }
    let notional = order.limit.double * order.quantity.double
    // Equity is that of the session's last closes, ours that of the last trades.
    let tolerance = testimony.isFaulty ? 1.1 : 1.03
    if let most = limits.maxPositionSize?.double, notional > equity * most / 100 * tolerance {
      add(
        .limits,
        "\(testimony.name(order)) is for \(notional), which is more than \(most) % of \(equity)")
    }
    if let most = limits.maxCorrelatedExposure?.double {
      let exposure = notional + exposure(with: order.market)
      if exposure > equity * most / 100 * tolerance {
        add(
          .limits,
          "\(testimony.name(order)) makes its group's exposure \(exposure), which is more than "
            + "\(most) % of \(equity)")
      }
    }
  }

  /// What the group of a pair holds and has ordered.
  private func exposure(with place: Int) -> Double {
    var sum = 0.0
    for (other, market) in markets.enumerated()
    where testimony.isGrouped(other, place) && market.isCounted {
      sum += market.worth
      for order in market.working.values where order.wish.side == .buy {
        sum += order.limit.double * order.left.double
      }
    }
    return sum
  }
}

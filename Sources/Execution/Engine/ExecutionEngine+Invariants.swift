public import Market
import Strategy

/// What always holds, checked at every event of a debug build; DESIGN, Invariants.
///
/// I1 is asserted where a trigger is set, I4 where a fill is counted, I5 where the account takes it,
/// I7 where an entry is submitted; the others here.
extension ExecutionEngine {
  /// Whether two copies make the same of an event: invariant I9.
  @inlinable
  package func repeats(_ event: Event, portfolio: Portfolio) -> Bool {
    var (first, second) = (self, self)
    var (firstPortfolio, secondPortfolio) = (portfolio, portfolio)
    var (firstOutbox, secondOutbox) = (Outbox(), Outbox())
    first.perform(event, portfolio: &firstPortfolio, into: &firstOutbox)
    second.perform(event, portfolio: &secondPortfolio, into: &secondOutbox)
    return firstOutbox == secondOutbox && firstPortfolio == secondPortfolio
  }

  @inlinable
  package func assertInvariants() {
    assert(position.quantity >= .zero, "I2: more was sold than held")
    if let order = exit {
      let settles = order.state.isCancellable && !exitWaits
      assert(
        !settles || misfit == nil,
        "I3: a position at rest is covered by one exit order for all of it")
      assert(order.order.side == .sell, "an exit sells")
    } else {
      assert(!position.isOpen || exitWaits, "I3: a position without an exit order")
    }
    if let order = entry {
      assert(order.order.side == .buy && order.order.trigger == nil, "I6: an entry is a limit buy")
    }
  }
}

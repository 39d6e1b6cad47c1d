public import Market
import Strategy

/// What always holds, checked after every event of a debug build; DESIGN, Invariants.
extension ExecutionEngine {
  @inlinable
  package func assertInvariants() {
    assert(position.quantity >= .zero, "I2: more was sold than held")
    if let order = exit {
      let settles = order.state.isCancellable && !exitWaits
      assert(
        !settles || misfit(of: order) == nil,
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

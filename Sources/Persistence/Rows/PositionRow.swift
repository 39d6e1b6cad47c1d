package import Execution
package import Market

/// A row of `positions`: a position from its first fill on.
package struct PositionRow: Hashable, Sendable {
  /// Counts the pair's positions, from 1.
  package var number: Int
  /// The number of the entry order that opened it.
  package var entry: UInt64
  /// When the first fill came.
  package var opened: Timestamp
  /// When the last exit fill came; `nil` while it is open.
  package var closed: Timestamp?
  /// Units held.
  package var held = Quantity.zero
  /// Units bought so far.
  package var bought = Quantity.zero
  /// Σ price × quantity of the buys.
  package var entryNotional = Money.zero
  /// Σ price × quantity of the sells.
  package var exitNotional = Money.zero
  /// Σ fees of both.
  package var fees = Money.zero
  /// What closed it.
  package var exitReason: ExitReason?
  /// The trigger of the last stop that was sent.
  package var trigger: Price?
  /// The greatest price as far as the record knows: at the fills, at each ratchet, at the end.
  package var highest: Price
  /// How often the stop was moved up.
  package var ratchets = 0
  /// How many rescues were submitted.
  package var escalations = 0
  /// Whether the table has the row.
  var isStored = false

  /// A position that a fill opens.
  package init(number: Int, opening fill: Fill) {
    self.number = number
    entry = fill.order.number
    opened = fill.time
    highest = fill.price
  }

  /// Σ sells − Σ buys − Σ fees so far.
  package var cashFlow: Money { exitNotional - entryNotional - fees }

  /// Takes a fill; `held` is what it leaves.
  mutating func take(_ fill: Fill, held: Quantity) {
    self.held = held
    fees += fill.fee
    switch fill.side {
    case .buy:
      bought += fill.quantity
      entryNotional += fill.notional
      highest = max(highest, fill.price)
    case .sell: exitNotional += fill.notional
    }
  }

  /// Takes the engine's word that it is over.
  mutating func take(_ trade: ClosedTrade) {
    closed = trade.exitTime
    exitReason = trade.exitReason
    highest = trade.highest
    ratchets = trade.ratchets
    escalations = trade.escalations
  }
}

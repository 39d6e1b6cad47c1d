package import Execution
package import Market

/// A row of `orders`: an order and what has become of it.
package struct OrderRow: Hashable, Sendable {
  /// What was sent.
  package var order: Order
  /// What it is for.
  package var role: OrderRole
  /// Where it is in its life.
  package var state = OrderState.pending
  /// How much of it is executed.
  package var filled = Quantity.zero
  /// The position it leaves or has opened; `nil` for an entry without a fill.
  package var position: Int?
  /// When the exchange was known to have it.
  package var accepted: Timestamp?
  /// When it ended; `nil` while it works.
  package var done: Timestamp?
  /// Why we asked for its end, if we did.
  package var cancelReason: CancelReason?
  /// When we asked.
  package var cancelTime: Timestamp?
  /// Why the exchange refused it, if it did.
  package var rejection: Rejection?
  /// The exchange's own id, where it has one.
  package var exchangeID: String?
  /// Whether the table has the row.
  var isStored = false

  /// The row of an order that is about to be sent.
  package init(order: Order, role: OrderRole, position: Int?) {
    self.order = order
    self.role = role
    self.position = position
  }

  /// Takes what the exchange says, apart from fills.
  mutating func take(_ report: OrderReport) {
    let input: OrderInput
    switch report.news {
    case .accepted:
      input = .accept
      accepted = accepted ?? report.time
    case .rejected(let why):
      input = .reject
      rejection = why
    case .cancelRefused: input = .refuseCancel
    case .unanswered: input = .timeOut
    // The engine's notes tell of these: they are more than a change of state.
    case .filled, .cancelled, .expired: return
    }
    // What cannot happen changed nothing in the engine either, and stands among the anomalies.
    if let next = try? state.after(input, hasFills: filled > .zero), !next.isFinal { state = next }
  }

  /// Takes an execution that was counted.
  mutating func take(_ fill: Fill, position: Int) {
    filled += fill.quantity
    self.position = position
    accepted = accepted ?? fill.time
    let input: OrderInput = filled == order.quantity ? .fillRest : .fillPart
    if let next = try? state.after(input, hasFills: true) { state = next }
  }
}

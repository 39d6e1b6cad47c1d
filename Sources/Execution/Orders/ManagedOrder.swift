public import Market

/// An order of ours and what has become of it.
public struct ManagedOrder: Hashable, Sendable, Codable {
  /// What was sent.
  public let order: Order
  /// How much of it is executed.
  public private(set) var filled: Quantity
  /// What it is for.
  public let role: OrderRole
  /// Where it is in its life.
  public private(set) var state: OrderState
  /// Why we asked for its end, if we did.
  public private(set) var cancelReason: CancelReason?

  /// An order that was just sent.
  public init(_ order: Order, role: OrderRole) {
    self.order = order
    self.role = role
    state = .pending
    filled = .zero
  }

  /// How much is not executed.
  public var remaining: Quantity { order.quantity - filled }

  /// Counts an execution; what does not fit changes nothing and is returned.
  ///
  /// - Parameters:
  ///   - fill: The execution.
  ///   - report: The report it came in.
  ///   - limit: What may be executed for another reason: a sale of more than is held is none of ours.
  /// - Returns: What does not fit, or `nil` where it was counted.
  @usableFromInline
  mutating func count(
    _ fill: Fill, _ report: OrderReport, atMost limit: Quantity
  ) -> Anomaly? {
    guard fill.side == order.side else { return .wrongSide(fill) }
    guard fill.quantity > .zero, fill.quantity <= min(limit, remaining) else {
      return .excessFill(fill)
    }
    let input: OrderInput = fill.quantity == remaining ? .fillRest : .fillPart
    do {
      try move(input)
    } catch {
      return .transition(error, report)
    }
    filled += fill.quantity
    return nil
  }

  /// Moves on; what does not fit changes nothing.
  ///
  /// - Throws: What cannot happen to the order where it is.
  @usableFromInline
  mutating func move(_ input: OrderInput) throws(OrderTransitionError) {
    state = try state.after(input, hasFills: filled > .zero)
  }

  /// What news without a fill mean for this order.
  @usableFromInline
  func input(of news: OrderReport.News) -> OrderInput? {
    switch news {
    case .accepted: .accept
    case .rejected: .reject
    case .cancelled: cancelReason == .expiry ? .expire : .confirmCancel
    case .cancelRefused: .refuseCancel
    case .expired: .expire
    case .unanswered: .timeOut
    case .filled: nil
    }
  }

  /// Notes that its end is being asked for; the state must allow a cancel.
  @usableFromInline
  mutating func requestCancel(_ reason: CancelReason) {
    precondition(state.isCancellable, "an order that is \(state.rawValue) cannot be cancelled now")
    state = .cancelPending
    cancelReason = reason
  }
}

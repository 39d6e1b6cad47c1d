import Execution
package import Market

/// How long, and how much of, what was held had no working stop; in one position, or in several.
///
/// A working stop is an exit order that the exchange has accepted and that has not ended; it covers
/// what is left of it. What is held beyond that is bare:
///
///     bare(t) = max(0, held(t) − Σ what is left of the exit orders that work at t)
///     seconds = time with bare > 0        value·seconds = ∫ bare × price dt
///
/// The price is the greatest that the record knows of the position by then: of its buys and ratchets.
/// A simulated exchange answers at once, so a backtest has none but where the market ran ahead.
package struct StopCoverage: Hashable, Sendable {
  /// Why there was no stop for it.
  package enum Cause: String, Hashable, Sendable, CaseIterable {
    /// The first exit order was not accepted yet.
    case opening
    /// The stop was cancelled to move up.
    case ratchet
    /// More was bought than the stop was for.
    case quantity
    /// A rescue takes over.
    case escalation
    /// An operator's sale takes over.
    case forced
    /// The breaker's sale takes over.
    case breaker
    /// The exchange refused the exit order.
    case rejected
    /// The exit order's time was over.
    case expired
    /// It ended for another reason, such as by the exchange's own doing.
    case other
  }

  /// A time, and what stood in it.
  package struct Stretch: Hashable, Sendable {
    /// How long, in nanoseconds: position by position, which may be more than any `TimeSpan`.
    package var nanoseconds: Int128 = 0
    /// The value × seconds.
    package var valueSeconds = WideMoney(.zero)

    /// Nothing.
    package init() {}

    /// How long, in seconds, for reading.
    package var seconds: Double { Double(nanoseconds) / 1e9 }
    /// How long; at most what a span can hold.
    package var span: TimeSpan { TimeSpan(nanoseconds: Int64(clamping: nanoseconds)) }

    mutating func add(_ value: Money, for span: TimeSpan) {
      nanoseconds += Int128(span.nanoseconds)
      valueSeconds = valueSeconds + WideMoney(value, for: span)
    }

    static func += (left: inout Stretch, right: Stretch) {
      left.nanoseconds += right.nanoseconds
      left.valueSeconds = left.valueSeconds + right.valueSeconds
    }
  }

  /// The whole time in which anything was held, and all that was.
  package private(set) var held = Stretch()
  private var stretches = Array(repeating: Stretch(), count: Cause.allCases.count)

  /// Nothing was held.
  package init() {}

  /// What was bare for a reason.
  package subscript(cause: Cause) -> Stretch { stretches[Self.place(of: cause)] }

  /// All that was bare.
  package var bare: Stretch { stretches.reduce(into: Stretch()) { $0 += $1 } }

  /// The share of the held value × time that had a stop, from 0 to 1; `nil` where nothing was held.
  package var coveredShare: Double? {
    let whole = Double(held.valueSeconds.description) ?? 0
    guard whole > 0 else { return nil }
    return 1 - (Double(bare.valueSeconds.description) ?? 0) / whole
  }

  /// Two, one after the other or side by side.
  package static func += (left: inout StopCoverage, right: StopCoverage) {
    left.held += right.held
    for place in left.stretches.indices { left.stretches[place] += right.stretches[place] }
  }

  /// Takes a time in which nothing changed.
  ///
  /// - Throws: `Overflow` where it is worth more than an amount can hold.
  mutating func add(
    _ span: TimeSpan, held: Quantity, bare: Quantity, at price: Price, _ cause: Cause
  ) throws(Overflow) {
    guard let all = price.notional(of: held), let part = price.notional(of: bare) else {
      throw Overflow()
    }
    self.held.add(all, for: span)
    if bare > .zero { stretches[Self.place(of: cause)].add(part, for: span) }
  }

  /// What is held is worth more than an amount can hold.
  package struct Overflow: Error, Hashable {}

  private static func place(of cause: Cause) -> Int {
    switch cause {
    case .opening: 0
    case .ratchet: 1
    case .quantity: 2
    case .escalation: 3
    case .forced: 4
    case .breaker: 5
    case .rejected: 6
    case .expired: 7
    case .other: 8
    }
  }
}

extension StopCoverage.Cause {
  /// Why nothing stands in the place of an exit order that ended.
  init(endOf order: OrderRow) {
    switch order.state {
    case .rejected: self = .rejected
    case .expired: self = .expired
    case .filled: self = .quantity
    case .new, .pending, .open, .partiallyFilled, .cancelPending, .unknown, .cancelled:
      switch order.cancelReason {
      case .ratchet: self = .ratchet
      case .quantity: self = .quantity
      case .escalation: self = .escalation
      case .forced: self = .forced
      case .breaker: self = .breaker
      case .expiry: self = .expired
      case .stopTriggered, .flat, .requested, nil: self = .other
      }
    }
  }
}

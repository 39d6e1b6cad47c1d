/// Where an order is in its life; DESIGN, decision 3.
///
///     new ──▶ pending ──▶ open ──▶ partiallyFilled ──▶ filled
///                │          │            │
///                │          └─▶ cancelPending ─▶ cancelled · expired · (filled, if the fill was first)
///                ├─▶ rejected
///                └─▶ unknown ─▶ whatever the exchange says it is
public enum OrderState: String, Hashable, Sendable, Codable, CaseIterable {
  /// Made, not sent.
  case new
  /// Sent, not answered.
  case pending
  /// The exchange has it; nothing filled.
  case open
  /// The exchange has it; a part is filled.
  case partiallyFilled = "partially_filled"
  /// A cancel was sent and not answered.
  case cancelPending = "cancel_pending"
  /// No answer came in time; the exchange must be asked.
  case unknown
  /// All of it was executed.
  case filled
  /// Ended by a cancel; a part may be filled.
  case cancelled
  /// Refused by the exchange.
  case rejected
  /// Ended because its time was over; a part may be filled.
  case expired

  /// Whether the order is over, so that only a late fill can still change it.
  @inlinable
  public var isFinal: Bool {
    switch self {
    case .filled, .cancelled, .rejected, .expired: true
    case .new, .pending, .open, .partiallyFilled, .cancelPending, .unknown: false
    }
  }

  /// Whether the exchange has said that it has the order, or had it, or does not take it.
  @inlinable
  public var isAnswered: Bool {
    switch self {
    case .new, .pending, .unknown: false
    case .open, .partiallyFilled, .cancelPending, .filled, .cancelled, .rejected, .expired: true
    }
  }

  /// Whether a cancel may be sent: the exchange is known to have the order.
  @inlinable
  public var isCancellable: Bool { self == .open || self == .partiallyFilled }
}

/// What can happen to an order.
public enum OrderInput: String, Hashable, Sendable, CaseIterable {
  /// We send it.
  case submit
  /// The exchange has it.
  case accept
  /// A part of what was left is executed.
  case fillPart = "fill_part"
  /// All that was left is executed.
  case fillRest = "fill_rest"
  /// We ask for its end.
  case requestCancel = "request_cancel"
  /// The exchange took it out of the book.
  case confirmCancel = "confirm_cancel"
  /// The exchange would not, or could no longer, take it out.
  case refuseCancel = "refuse_cancel"
  /// The exchange refuses it.
  case reject
  /// Its time was over.
  case expire
  /// No answer came in time.
  case timeOut = "time_out"
}

/// Something was reported that cannot happen to an order in that state.
///
/// It is journaled and changes nothing: a confused exchange must not bring the engine down.
public struct OrderTransitionError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Where the order was.
  public let state: OrderState
  /// What was reported.
  public let input: OrderInput

  /// One line for the journal.
  public var description: String {
    "an order that is \(state.rawValue) cannot take '\(input.rawValue)'"
  }
}

extension OrderState {
  /// The state after `input`: the one transition function of every order.
  ///
  /// Reports overtake each other, so some inputs that look late are allowed and change little: an
  /// acceptance after the first fill, a fill after the cancel was confirmed or the order was refused (it
  /// counts: another request of it has arrived), a cancel refused because the order was already over.
  ///
  /// - Parameters:
  ///   - input: What happened.
  ///   - hasFills: Whether any of the order was filled before it.
  /// - Returns: The next state.
  /// - Throws: `OrderTransitionError` where `input` cannot happen in this state.
  public func after(_ input: OrderInput, hasFills: Bool) throws(OrderTransitionError) -> OrderState
  {
    let working: OrderState = hasFills ? .partiallyFilled : .open
    switch (self, input) {
    case (.new, .submit): return .pending
    case (.new, _): break

    case (.pending, .accept), (.unknown, .accept): return working
    case (.open, .accept), (.partiallyFilled, .accept), (.cancelPending, .accept): return self

    case (.pending, .fillPart), (.open, .fillPart), (.partiallyFilled, .fillPart),
      (.unknown, .fillPart):
      return .partiallyFilled
    case (.cancelPending, .fillPart): return .cancelPending
    // The fill came first and its report second: it counts, and the order stays over.
    case (.cancelled, .fillPart), (.expired, .fillPart): return self
    // One request of several was refused, and another has arrived.
    case (.rejected, .fillPart): return .cancelled
    case (.pending, .fillRest), (.open, .fillRest), (.partiallyFilled, .fillRest),
      (.unknown, .fillRest), (.cancelPending, .fillRest), (.cancelled, .fillRest),
      (.expired, .fillRest), (.rejected, .fillRest):
      return .filled

    case (.open, .requestCancel), (.partiallyFilled, .requestCancel): return .cancelPending

    case (.cancelPending, .confirmCancel), (.open, .confirmCancel),
      (.partiallyFilled, .confirmCancel), (.pending, .confirmCancel), (.unknown, .confirmCancel):
      return .cancelled
    case (.cancelled, .confirmCancel): return self

    case (.cancelPending, .refuseCancel): return working
    case (.filled, .refuseCancel), (.cancelled, .refuseCancel), (.expired, .refuseCancel),
      (.rejected, .refuseCancel):
      return self

    case (.pending, .reject), (.open, .reject), (.partiallyFilled, .reject), (.unknown, .reject),
      (.cancelPending, .reject):
      // What has fills was not refused; its rest ended.
      return hasFills ? .cancelled : .rejected
    case (.rejected, .reject): return self

    case (.open, .expire), (.partiallyFilled, .expire), (.cancelPending, .expire),
      (.pending, .expire), (.unknown, .expire):
      return .expired
    case (.expired, .expire): return self

    case (.pending, .timeOut), (.cancelPending, .timeOut): return .unknown

    case (.pending, _), (.open, _), (.partiallyFilled, _), (.cancelPending, _), (.unknown, _),
      (.filled, _), (.cancelled, _), (.rejected, _), (.expired, _):
      break
    }
    throw OrderTransitionError(state: self, input: input)
  }
}

import Market

/// What can go wrong on an exchange, or on the way to it.
package enum FaultKind: String, Hashable, Sendable, CaseIterable {
  // On the way of a request.
  case latency
  case rateLimited = "rate_limited"
  case unauthorized
  case serverError = "server_error"
  case lostAnswer = "lost_answer"
  case cutAnswer = "cut_answer"
  // On the way of a message.
  case messageDropped = "message_dropped"
  case messageDelayed = "message_delayed"
  case messageRepeated = "message_repeated"
  case messageReordered = "message_reordered"
  case sequenceGap = "sequence_gap"
  case socketDropped = "socket_dropped"
  case socketSilent = "socket_silent"
  // In the book.
  case cancelFilled = "cancel_filled"
  case cancelLate = "cancel_late"
  case holdLate = "hold_late"
  case creditLate = "credit_late"
  case partialFill = "partial_fill"
  case orderPending = "order_pending"
  case stopRefused = "stop_refused"
  case stopUnfilled = "stop_unfilled"
  case stopFailed = "stop_failed"
  case exitMinimums = "exit_minimums"
  // In what REST lists of it.
  case fillsLate = "fills_late"
  case candlesLate = "candles_late"
  // Of the whole exchange, at times of the data.
  case clockSkew = "clock_skew"
  case productHalted = "product_halted"
  case restart
  case maintenance
  case balanceMoved = "balance_moved"

  /// The keys that a rule of this kind may have.
  package var keys: [FaultKey] {
    let when: [FaultKey] = [.at, .every]
    let often: [FaultKey] = [.chance, .most]
    return switch self {
    case .latency: often + [.requests, .effect, .delay]
    case .rateLimited: often + [.requests, .form]
    case .unauthorized: often + [.requests]
    case .serverError: often + [.requests, .effect, .form]
    case .lostAnswer: often + [.requests, .effect]
    case .cutAnswer: often + [.requests]
    case .messageDropped: often + [.channels, .messages, .isHidden]
    case .messageDelayed: often + [.channels, .delay]
    case .messageRepeated, .socketDropped, .socketSilent: often + [.channels]
    case .messageReordered, .sequenceGap: often + [.channels, .messages]
    case .cancelFilled: often + [.portion]
    case .cancelLate, .holdLate, .creditLate, .orderPending, .fillsLate, .candlesLate:
      often + [.delay, .seen]
    case .partialFill: often + [.portion]
    case .stopRefused: often + [.form, .beyond]
    case .stopUnfilled, .stopFailed: often + [.delay]
    case .exitMinimums: []
    case .clockSkew: when + [.span, .skew]
    case .productHalted: when + [.span, .mode]
    case .restart, .maintenance: when + [.span, .seen] + (self == .restart ? [.form] : [.mode])
    case .balanceMoved: when + [.currency, .amount, .portion]
    }
  }

  /// What its answers may look like.
  package var forms: [FaultRule.Form] {
    switch self {
    case .rateLimited: [.json, .html, .unauthorized]
    case .serverError: [.json, .html, .text]
    case .restart: [.text, .closed]
    case .stopRefused: [.through, .unknown, .tooFar]
    case .latency, .unauthorized, .lostAnswer, .cutAnswer, .messageDropped, .messageDelayed,
      .messageRepeated, .messageReordered, .sequenceGap, .socketDropped, .socketSilent,
      .cancelFilled, .cancelLate, .holdLate, .creditLate, .partialFill, .orderPending,
      .stopUnfilled, .stopFailed, .exitMinimums, .fillsLate, .candlesLate, .clockSkew,
      .productHalted, .maintenance, .balanceMoved:
      []
    }
  }

  /// How much of something it may be of: of a balance a part may go as well as come.
  var portions: ClosedRange<Money> { self == .balanceMoved ? -1...1 : 0...1 }
}

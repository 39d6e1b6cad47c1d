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

  /// What it does, in a line.
  package var help: String {
    switch self {
    case .latency: "a request, or its answer, is on its way for so long"
    case .rateLimited: "429 for a request that was not too many: JSON, an HTML page, or 401"
    case .unauthorized: "401 for a token or signature that is good"
    case .serverError: "500, 502 or 503, before the request took effect or after it"
    case .lostAnswer: "the connection is closed without an answer, before the effect or after it"
    case .cutAnswer: "the connection breaks within the answer's body; the request took effect"
    case .messageDropped: "messages of the feed do not arrive"
    case .messageDelayed: "a message waits, and all behind it on its WebSocket"
    case .messageRepeated: "a message comes twice"
    case .messageReordered: "a message is overtaken by those behind it"
    case .sequenceGap: "the feed's numbers jump, though nothing is missing"
    case .socketDropped: "a WebSocket is broken off without a word"
    case .socketSilent: "a WebSocket stays open, but nothing comes and no ping is answered"
    case .cancelFilled: "a cancel is accepted, and the order was filled all the same"
    case .cancelLate: "a cancel is accepted, and the order works on for a while"
    case .holdLate: "what a cancelled order held is released late"
    case .creditLate: "what was bought is in the account late"
    case .partialFill: "of a candle only as much fills as a part of an order"
    case .orderPending: "a new order shows PENDING for a while"
    case .stopRefused:
      "an order is refused: as though the market were through, without a reason, or as too far away"
    case .stopUnfilled: "a stop triggers and does not fill for a while, whatever trades"
    case .stopFailed: "a stop is accepted, and has failed a moment later"
    case .exitMinimums: "sells below the product's minimums are refused"
    case .fillsLate: "a fill is in the list of fills late"
    case .candlesLate: "a candle that has closed is in the list of candles late"
    case .clockSkew: "the exchange's clock is off: /time, tokens and signatures"
    case .productHalted: "a product takes no orders, or cancels only"
    case .restart: "all connections are closed and none is served for a while; state is kept"
    case .maintenance: "503 with a text about maintenance for everything, or cancels only"
    case .balanceMoved: "somebody else moves money or coins in or out"
    }
  }

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
}

package import Market

/// Why an exchange refuses an order, as far as the program does something about it.
package enum RefusalKind: String, Hashable, Sendable, CaseIterable {
  /// The account does not have what the order needs, or it is still held by another.
  case insufficientFunds = "insufficient_funds"
  /// A post-only order would have been filled as taker.
  case postOnlyWouldTake = "post_only_would_take"
  /// Below a minimum.
  case tooSmall = "too_small"
  /// Above a maximum.
  case tooLarge = "too_large"
  /// The price is off the tick.
  case pricePrecision = "price_precision"
  /// The quantity is off the lot.
  case sizePrecision = "size_precision"
  /// The trigger of a falling stop is not below the last trade: the market is through it already.
  case stopAboveLastTrade = "stop_above_last_trade"
  /// The trigger of a rising stop is not above the last trade.
  case stopBelowLastTrade = "stop_below_last_trade"
  /// Limit and trigger are the wrong way round.
  case stopAndLimitCrossed = "stop_and_limit_crossed"
  /// The limit is too far away from the market.
  case limitTooFar = "limit_too_far"
  /// The time at which the order should end is over.
  case endTimePassed = "end_time_passed"
  /// The product is halted, or takes no orders of this kind now.
  case halted
  /// There is no such product.
  case unknownProduct = "unknown_product"
  /// The client order id was used before.
  case duplicateID = "duplicate_id"
  /// Too many orders are open.
  case tooManyOrders = "too_many_orders"
  /// Too many requests.
  case rateLimited = "rate_limited"
  /// The exchange does not do this.
  case unsupported
  /// Anything else.
  case other

  /// What the engine is told.
  package var rejection: Rejection {
    switch self {
    case .insufficientFunds: .insufficientFunds
    case .postOnlyWouldTake: .postOnlyWouldTake
    case .tooSmall: .tooSmall
    case .tooLarge, .pricePrecision, .sizePrecision, .stopAboveLastTrade, .stopBelowLastTrade,
      .stopAndLimitCrossed, .limitTooFar, .endTimePassed, .halted, .unknownProduct, .duplicateID,
      .tooManyOrders, .rateLimited, .unsupported, .other:
      .other
    }
  }

  /// Whether the same order may be taken in a moment: holds are released late, limits pass.
  package var passes: Bool {
    switch self {
    case .insufficientFunds, .tooManyOrders, .rateLimited, .halted: true
    case .postOnlyWouldTake, .tooSmall, .tooLarge, .pricePrecision, .sizePrecision,
      .stopAboveLastTrade, .stopBelowLastTrade, .stopAndLimitCrossed, .limitTooFar, .endTimePassed,
      .unknownProduct, .duplicateID, .unsupported, .other:
      false
    }
  }
}

extension RefusalKind {
  /// Tells the kind from the exchange's names of the reason, the most telling of which counts, and
  /// from its words where no name is known.
  init(reasons: [String], words: String) {
    for reason in reasons {
      if let kind = Self.named[Self.core(of: reason)] {
        self = kind
        return
      }
    }
    let text = words.lowercased()
    self = Self.worded.first { text.contains($0.words) }?.kind ?? .other
  }

  /// A reason without the prefix that only says who found it.
  private static func core(of reason: String) -> String {
    for prefix in ["PREVIEW_", "REJECT_REASON_"] where reason.hasPrefix(prefix) {
      return String(reason.dropFirst(prefix.count))
    }
    return reason
  }

  private static let named: [String: RefusalKind] = [
    "INSUFFICIENT_FUND": .insufficientFunds, "INSUFFICIENT_FUNDS": .insufficientFunds,
    "HOLD_FAILURE": .insufficientFunds, "INVALID_LIMIT_PRICE_POST_ONLY": .postOnlyWouldTake,
    "INVALID_BASE_SIZE_TOO_SMALL": .tooSmall, "INVALID_QUOTE_SIZE_TOO_SMALL": .tooSmall,
    "INVALID_BASE_SIZE_TOO_LARGE": .tooLarge, "INVALID_QUOTE_SIZE_TOO_LARGE": .tooLarge,
    "INVALID_PRICE_PRECISION": .pricePrecision, "INVALID_LIMIT_PRICE_PRECISION": .pricePrecision,
    "INVALID_STOP_PRICE_PRECISION": .pricePrecision, "INVALID_SIZE_PRECISION": .sizePrecision,
    "INVALID_BASE_SIZE_PRECISION": .sizePrecision,
    "STOP_PRICE_ABOVE_LAST_TRADE_PRICE": .stopAboveLastTrade,
    "STOP_PRICE_BELOW_LAST_TRADE_PRICE": .stopBelowLastTrade,
    "STOP_PRICE_BELOW_LIMIT_PRICE": .stopAndLimitCrossed,
    "STOP_PRICE_ABOVE_LIMIT_PRICE": .stopAndLimitCrossed,
    "LIMIT_PRICE_TOO_FAR_FROM_MARKET": .limitTooFar, "END_TIME_IS_IN_THE_PAST": .endTimePassed,
    "ORDER_ENTRY_DISABLED": .halted, "TRADING_DISABLED": .halted,
    "INVALID_PRODUCT_ID": .unknownProduct, "DUPLICATE_CLIENT_ORDER_ID": .duplicateID,
    "TOO_MANY_OPEN_ORDERS": .tooManyOrders, "RATE_LIMIT_EXCEEDED": .rateLimited,
    "UNSUPPORTED_ORDER_CONFIGURATION": .unsupported,
  ]

  /// Of the Exchange, which has words only; the order matters: "post only mode" is the product's.
  private static let worded: [(words: String, kind: RefusalKind)] = [
    ("insufficient", .insufficientFunds), ("post only mode", .halted), ("post-only mode", .halted),
    ("cancel only", .halted), ("limit only", .halted), ("trading disabled", .halted),
    ("post only", .postOnlyWouldTake), ("size is too small", .tooSmall),
    ("funds is too small", .tooSmall),
    ("size is too large", .tooLarge), ("price is too accurate", .pricePrecision),
    ("size is too accurate", .sizePrecision), ("product not found", .unknownProduct),
    ("trading pair not available", .unknownProduct), ("invalid order_type", .unsupported),
    ("rate limit", .rateLimited),
    ("stop price must be below", .stopAboveLastTrade),
    ("stop price must be above", .stopBelowLastTrade),
    ("limit price must not be", .stopAndLimitCrossed), ("too many open orders", .tooManyOrders),
  ]
}

/// What Advanced Trade calls a refusal; coinbase.md A.7.
struct AdvancedRefusal: Hashable, Sendable {
  /// `new_order_failure_reason`, and `error`.
  let reason: String
  /// `preview_failure_reason`.
  let preview: String
  /// In words.
  let message: String

  private init(_ reason: String, _ preview: String, _ message: String) {
    self.reason = reason
    self.preview = preview
    self.message = message
  }

  /// The names of a refusal.
  init(_ refusal: PlacementRefusal) {
    /// The reason that most refusals of the preview have.
    let unknown = "UNKNOWN_FAILURE_REASON"
    switch refusal {
    case .unknownProduct:
      self.init(
        "INVALID_PRODUCT_ID", "UNKNOWN_PREVIEW_FAILURE_REASON", "The product is not listed here")
    case .unsupported:
      self.init(
        "UNSUPPORTED_ORDER_CONFIGURATION", "UNKNOWN_PREVIEW_FAILURE_REASON",
        "The order configuration is not supported")
    case .limitPrecision:
      self.init(
        "INVALID_PRICE_PRECISION", "PREVIEW_INVALID_LIMIT_PRICE_PRECISION",
        "The limit price is no multiple of the price increment")
    case .stopPrecision:
      self.init(
        "INVALID_PRICE_PRECISION", "PREVIEW_INVALID_STOP_PRICE_PRECISION",
        "The stop price is no multiple of the price increment")
    case .sizePrecision:
      self.init(
        "INVALID_SIZE_PRECISION", "PREVIEW_INVALID_BASE_SIZE_PRECISION",
        "The size is no multiple of the base increment")
    case .quoteSizePrecision:
      self.init(
        "INVALID_SIZE_PRECISION", "PREVIEW_INVALID_QUOTE_SIZE_PRECISION",
        "The size is no multiple of the quote increment")
    case .baseTooSmall(let least):
      self.init(
        unknown, "PREVIEW_INVALID_BASE_SIZE_TOO_SMALL", "The size is below the least of \(least)")
    case .quoteTooSmall(let least):
      self.init(
        unknown, "PREVIEW_INVALID_QUOTE_SIZE_TOO_SMALL",
        "The order is worth less than the least of \(least)")
    case .tooLarge:
      self.init(
        unknown, "PREVIEW_INVALID_BASE_SIZE_TOO_LARGE", "The size is above the product's greatest")
    case .insufficientFunds:
      self.init(
        "INSUFFICIENT_FUND", "PREVIEW_INSUFFICIENT_FUND", "Insufficient balance in source account")
    case .postOnlyWouldTake:
      self.init(
        "INVALID_LIMIT_PRICE_POST_ONLY", "PREVIEW_INVALID_LIMIT_PRICE_POST_ONLY",
        "A post-only order would have been filled at once")
    case .stopAboveLastTrade:
      self.init(
        unknown, "PREVIEW_STOP_PRICE_ABOVE_LAST_TRADE_PRICE",
        "The stop price must be below the last trade price")
    case .stopBelowLastTrade:
      self.init(
        unknown, "PREVIEW_STOP_PRICE_BELOW_LAST_TRADE_PRICE",
        "The stop price must be above the last trade price")
    case .stopBelowLimit:
      self.init(
        unknown, "PREVIEW_STOP_PRICE_BELOW_LIMIT_PRICE",
        "The limit price of a sell must not be above its stop price")
    case .stopAboveLimit:
      self.init(
        unknown, "PREVIEW_STOP_PRICE_ABOVE_LIMIT_PRICE",
        "The limit price of a buy must not be below its stop price")
    case .limitTooFar:
      self.init(
        unknown, "PREVIEW_LIMIT_PRICE_TOO_FAR_FROM_MARKET",
        "The limit price is too far from the market price")
    case .endTimePassed:
      self.init(
        unknown, "PREVIEW_END_TIME_IS_IN_THE_PAST", "The end time is in the past")
    case .cancelOnly:
      self.init(
        "ORDER_ENTRY_DISABLED", "UNKNOWN_PREVIEW_FAILURE_REASON",
        "The product takes cancels only")
    case .tradingDisabled:
      self.init(
        "TRADING_DISABLED", "UNKNOWN_PREVIEW_FAILURE_REASON", "Trading is disabled")
    case .tooManyOrders:
      self.init(
        "TOO_MANY_OPEN_ORDERS", "UNKNOWN_PREVIEW_FAILURE_REASON", "Too many orders are open")
    case .unexplained: self.init(unknown, "UNKNOWN_PREVIEW_FAILURE_REASON", "")
    }
  }
}

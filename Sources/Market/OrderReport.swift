/// What an exchange, real or simulated, says about an order.
public struct OrderReport: Hashable, Sendable {
  /// The news.
  public enum News: Hashable, Sendable {
    /// The exchange has the order.
    case accepted
    /// The exchange refuses the order, at once or a moment after it had accepted it.
    case rejected(Rejection)
    /// A part of the order was executed, or all of it.
    case filled(Fill)
    /// The order is out of the book; what was filled before stays filled.
    case cancelled
    /// The cancel came too late, or named an order that the exchange does not have.
    case cancelRefused
    /// The exchange itself ended the order when its time was over.
    case expired
    /// No answer came in time: nobody knows whether the exchange has the order.
    case unanswered
  }

  /// Which order.
  public var order: ClientOrderID
  /// When it happened.
  public var time: Timestamp
  /// What happened.
  public var news: News

  /// A report of these parts.
  @inlinable
  public init(order: ClientOrderID, time: Timestamp, news: News) {
    self.order = order
    self.time = time
    self.news = news
  }
}

/// Why an exchange refuses an order.
public enum Rejection: String, Hashable, Sendable {
  /// A post-only order would have been filled as taker.
  case postOnlyWouldTake = "post_only_would_take"
  /// Below the least quantity or notional of the product.
  case tooSmall = "too_small"
  /// The account does not have what the order needs.
  case insufficientFunds = "insufficient_funds"
  /// Anything else; the shell that knows more logs it.
  case other
}

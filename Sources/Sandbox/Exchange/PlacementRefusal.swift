package import Market

/// Why the sandbox refuses an order, or a change of one.
package enum PlacementRefusal: Error, Hashable, Sendable {
  case unknownProduct
  case unsupported
  case limitPrecision
  case stopPrecision
  case sizePrecision
  case quoteSizePrecision
  /// Below the product's least quantity, which is this.
  case baseTooSmall(Quantity)
  /// Below the product's least amount, which is this.
  case quoteTooSmall(Money)
  case tooLarge
  case insufficientFunds
  case postOnlyWouldTake
  case stopAboveLastTrade
  case stopBelowLastTrade
  /// Of a sell: its limit is above its trigger.
  case stopBelowLimit
  /// Of a buy: its limit is below its trigger.
  case stopAboveLimit
  /// The limit is too far away from the market.
  case limitTooFar
  case endTimePassed
  case tooManyOrders
  /// The product takes cancels only.
  case cancelOnly
  /// The product does not trade.
  case tradingDisabled
  /// In words that say nothing.
  case unexplained
}

/// Why an order cannot be cancelled.
package enum CancelRefusal: Error, Hashable, Sendable {
  case unknownOrder
  case filled
  /// It is over already.
  case over
}

/// Why an order cannot be changed.
package enum EditRefusal: Error, Hashable, Sendable {
  case unknownOrder
  /// Only limit orders without an end can.
  case onlyLimits
  /// It is over.
  case over
  /// The new size is none, or not above what is filled.
  case belowFilled
  /// The changed order would be refused.
  case refused(PlacementRefusal)
}

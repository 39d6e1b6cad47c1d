public import Market

/// Why a backtest cannot go on.
public enum BacktestError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Cash or position are worth more than `Money` holds.
  case outOfRange(time: Timestamp, product: String)

  /// One line for the user.
  public var description: String {
    switch self {
    case .outOfRange(let time, let product):
      "\(product) at \(time): the account is worth more than 1.6e19, the most Ratchet can count "
        + "exactly. Check the prices there, or start with less cash (--cash)."
    }
  }
}

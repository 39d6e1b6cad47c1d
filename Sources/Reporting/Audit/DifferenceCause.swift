/// Why a session and the backtest of its candles are not the same.
public enum DifferenceCause: String, Hashable, Sendable, CaseIterable {
  /// The market data: other candles, or another way through them than SEMANTICS 6.1's.
  case data
  /// An order reached the exchange, or its news us, later than at once.
  case latency
  /// A fill at another price.
  case price
  /// Another share of an order was filled.
  case partialFill = "partial_fill"
  /// What was held had no exit order while one took the place of another.
  case replaceWindow = "replace_window"
  /// Other fees.
  case fee
  /// Other steps of price and quantity, or a last digit.
  case rounding
  /// Somebody's word: a halt, a forced exit, a cancelled entry.
  case `operator`
  /// Something broke: a refusal, a lost answer, a process that was not there.
  case fault
  /// Nobody knows.
  case unexplained
}

extension DifferenceCause {
  /// What a person reads.
  public var title: String {
    switch self {
    case .data: "data"
    case .latency: "latency"
    case .price: "price"
    case .partialFill: "partial fill"
    case .replaceWindow: "replace window"
    case .fee: "fee"
    case .rounding: "rounding"
    case .operator: "operator"
    case .fault: "fault"
    case .unexplained: "unexplained"
    }
  }

  /// What it stands for, in a few words.
  public var meaning: String {
    switch self {
    case .data: "other candles, or another way through them"
    case .latency: "orders or their news took time"
    case .price: "a fill at another price"
    case .partialFill: "another share of an order was filled"
    case .replaceWindow: "no stop while one replaced another"
    case .fee: "another fee tier"
    case .rounding: "other steps of price and quantity"
    case .operator: "a halt, a forced exit, a cancelled entry"
    case .fault: "a refusal, a lost answer, an absence"
    case .unexplained: "nothing in the record says why"
    }
  }
}

import Execution
import Market

/// A run as plain lines that two programs can compare byte by byte.
///
/// ASCII, one line for each thing in the order in which it happened, each ended by one line feed,
/// fields parted by commas; no header. Decimals are exact and as short as they can be; times are
/// seconds since 1970, whole wherever they come from candles and decimal only where a live exchange
/// reports fractions. An order is named by its number.
public enum CanonicalText: String, CanonicalLines, Hashable, CaseIterable {
  /// `time,order,side,price,quantity,fee,M|T`.
  case fills
  /// `id,role,price,trigger,quantity,submitted,done,filled,ending`, by number.
  case orders
  /// `entry_time,exit_time,entry_order,quantity,entry_notional,exit_notional,fees,realised,`
  /// `exit_reason,highest,ratchets`, in the order in which they closed.
  case trades
  /// `time,result`: `entry`, or the cause of a skip.
  case signals
  /// `time,equity`, one line for each candle.
  case equity

  /// Writes the text block by block.
  public func write<Failure: Error>(
    of result: RunResult, to sink: ([UInt8]) throws(Failure) -> Void
  ) throws(Failure) {
    var text = TextBlock()
    let record = result.record
    switch self {
    case .fills:
      for fill in record.fills {
        text.appendLine(of: fill)
        try text.drain(into: sink)
      }
    case .orders:
      for order in record.orders {
        text.appendLine(of: order)
        try text.drain(into: sink)
      }
    case .trades:
      for trade in record.trades {
        text.appendLine(of: trade)
        try text.drain(into: sink)
      }
    case .signals:
      for signal in record.signals {
        text.append(signal.time)
        text.comma()
        text.append(signal.outcome.word)
        text.endLine()
        try text.drain(into: sink)
      }
    case .equity:
      try text.appendLines(of: EquityCurve(result), to: sink)
    }
    try text.drain(always: true, into: sink)
  }
}

extension SignalOutcome {
  /// `entry`, or the cause of the skip.
  var word: String {
    switch self {
    case .entry: "entry"
    case .skipped(let cause): cause.rawValue
    }
  }
}

extension RunRecord.OrderEntry {
  /// How it ended; `working` before that.
  var endingWord: String { ending?.rawValue ?? "working" }
}

/// Writes an amount, and writes it again without working it out again: a flat account's equity is
/// the same for thousands of candles.
struct RepeatedMoney {
  private var amount: Money?
  private var text = TextBlock()

  mutating func append(_ money: Money, to block: inout TextBlock) {
    if money != amount {
      amount = money
      text.removeAll()
      text.append(money)
    }
    block.append(contentsOf: text)
  }
}

extension TextBlock {
  /// The line of a fill, with the pair's name after the time where it is one of several.
  mutating func appendLine(of fill: Fill, pair: String? = nil) {
    append(fill.time)
    comma()
    appendField(pair)
    append(fill.order.number)
    comma()
    append(fill.side.rawValue)
    comma()
    appendFields(fill.price, fill.quantity, fill.fee)
    switch fill.liquidity {
    case .maker: append(UInt8(ascii: "M"))
    case .taker: append(UInt8(ascii: "T"))
    }
    endLine()
  }

  fileprivate mutating func appendLine(of entry: RunRecord.OrderEntry) {
    append(entry.order.id.number)
    comma()
    append(entry.role.rawValue)
    comma()
    appendFields(entry.order.limit)
    if let trigger = entry.order.trigger { append(trigger) }
    comma()
    appendFields(entry.order.quantity)
    append(entry.order.submitted)
    comma()
    if let done = entry.done { append(done) }
    comma()
    appendFields(entry.filled)
    append(entry.endingWord)
    endLine()
  }

  /// The line of a trade, with the pair's name after the times where it is one of several.
  mutating func appendLine(of trade: ClosedTrade, pair: String? = nil) {
    append(trade.entryTime)
    comma()
    append(trade.exitTime)
    comma()
    appendField(pair)
    append(trade.entryOrder)
    comma()
    appendFields(
      trade.quantity, trade.entryNotional, trade.exitNotional, trade.fees, trade.realised)
    append(trade.exitReason.rawValue)
    comma()
    appendFields(trade.highest)
    append(trade.ratchets)
    endLine()
  }

  /// The lines of a curve.
  mutating func appendLines<Failure: Error>(
    of curve: some Sequence<EquityPoint>, to sink: ([UInt8]) throws(Failure) -> Void
  ) throws(Failure) {
    var equity = RepeatedMoney()
    for point in curve {
      append(point.time)
      comma()
      equity.append(point.equity, to: &self)
      endLine()
      try drain(into: sink)
    }
  }

  private mutating func appendField(_ text: String?) {
    guard let text else { return }
    append(text)
    comma()
  }

  /// Each decimal with a comma behind it.
  fileprivate mutating func appendFields<each Decimal: ExactDecimal>(
    _ decimals: repeat each Decimal
  ) {
    for decimal in repeat each decimals {
      append(decimal)
      comma()
    }
  }

  fileprivate mutating func comma() { append(UInt8(ascii: ",")) }

  fileprivate mutating func endLine() { append(UInt8(ascii: "\n")) }
}

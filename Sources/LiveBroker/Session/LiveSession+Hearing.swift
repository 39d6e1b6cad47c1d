import Execution
import Market
import Persistence

/// Whether the feed tells of trades at all: a channel that has fallen silent looks like a market in which
/// nothing trades, while the others go on.
extension LiveSession {
  /// What the exchange says about its own trades.
  struct Hearing: Sendable {
    /// When the feed was connected.
    var since: Timestamp?
    /// Whether the exchange tells of trades from now on, as it says.
    var isConfirmed = false
    /// The numbers of the last trade by the Exchange's signs of life, the first since then and the last one,
    /// by pair.
    var promised: [Int: (first: UInt64, last: UInt64)] = [:]
    /// Why the feed cannot be believed.
    var doubt: LostTrades?
  }

  /// Why the feed is to be connected anew, where it is.
  package var doubtOfFeed: LostTrades? { hearing.doubt }

  /// What is subscribed now.
  func notice(_ channels: [String: [String]]) {
    // The Exchange says it last; Advanced Trade's signs of life have no trade's number.
    if channels["matches"] != nil { hearing.isConfirmed = true }
  }

  /// Compares the last trade that the Exchange has with the last one it has told of.
  ///
  /// What is on its way is there by the next sign of life, a second later.
  func notice(_ beat: FeedHeartbeat) {
    // Who leaves does not listen to trades any more.
    guard hearing.isConfirmed, isListening, stage != .leaving,
      let pair = pairs.firstIndex(where: { $0.product.id == beat.productID })
    else { return }
    if let (first, last) = hearing.promised[pair], last > first,
      builders[pair]?.lastID.map({ $0 < last }) ?? true
    {
      hearing.doubt = LostTrades(product: pairs[pair].product.id, what: "trade \(last)")
    }
    hearing.promised[pair, default: (beat.number, beat.number)].last = beat.number
  }

  /// Looks for a candle of the exchange's that has been over for a minute and that the feed has told no trade
  /// of.
  func noticeLostCandle(of pair: Int) {
    let (interval, minute) = (pairs[pair].interval, TimeSpan(seconds: 60))
    guard isListening, stage == .trading, lateCloses.isEmpty, let since = hearing.since else {
      return
    }
    let lost = exchangeCandles[pair].first {
      $0.volume > .zero && $0.start >= since && $0.start + interval + minute <= clock
        && lastClose(of: pair).map { [start = $0.start] in $0 <= start } ?? true
    }
    guard let lost else { return }
    hearing.doubt = LostTrades(product: pairs[pair].product.id, what: "the candle of \(lost.start)")
  }
}

/// The exchange has trades that its feed has not told of.
package struct LostTrades: Error, Hashable, Sendable, CustomStringConvertible {
  /// Of which product.
  package let product: String
  /// What it has.
  package let what: String

  /// One line for the user.
  package var description: String {
    "\(product): the exchange has \(what), and the feed has told of no such trades"
  }
}

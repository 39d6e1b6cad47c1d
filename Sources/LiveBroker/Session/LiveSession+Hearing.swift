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
    /// What the Exchange's signs of life have said of the last trade, by pair.
    var promised: [Int: Promise] = [:]
    /// Why the feed cannot be believed.
    var doubt: LostTrades?
  }

  /// Numbers of trades.
  struct Promise: Sendable {
    /// The last one by the first sign of life.
    let first: UInt64
    /// The last one by the last sign of life.
    var last: UInt64
    /// The last one that the feed had told of by then.
    var told: UInt64?
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
  /// What is on its way is there by the next sign of life, a second later, or others are.
  func notice(_ beat: FeedHeartbeat) {
    // Who leaves does not listen to trades any more.
    guard hearing.isConfirmed, isListening, stage != .leaving,
      let pair = pairs.firstIndex(where: { $0.product.id == beat.productID })
    else { return }
    let (product, told) = (pairs[pair].product.id, builders[pair]?.lastID)
    var promise =
      hearing.promised[pair] ?? Promise(first: beat.number, last: beat.number, told: told)
    // One that is late, but tells, is in a hurry.
    if promise.last > promise.first, told ?? 0 < promise.last, told == promise.told {
      doubt(LostTrades(product: product, what: "trade \(promise.last)"), of: pair)
    }
    (promise.last, promise.told) = (beat.number, told)
    hearing.promised[pair] = promise
  }

  private func doubt(_ lost: LostTrades, of pair: Int) {
    hearing.doubt = lost
    // Until it tells of one: connected anew, it may be as silent.
    if owesTrades.isEmpty { deafSince = clock }
    owesTrades.insert(pair)
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
    doubt(
      LostTrades(product: pairs[pair].product.id, what: "the candle of \(lost.start)"), of: pair)
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

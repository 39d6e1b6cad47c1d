package import Market
import Matching

/// The exchange itself: products, account, orders.
///
/// No socket, no clock, no protocol.
/// Clients' verbs change it (`place`, `cancel`, `edit`), and so does whoever plays the candles
/// (`SandboxExchange+Playing`). What happens is kept as news until somebody takes them. The same calls
/// give the same answers and news: names are made from a seed and a count.
package struct SandboxExchange: Sendable {
  /// What is traded and how.
  package let settings: SandboxSettings
  /// The data's time.
  package internal(set) var now: Timestamp
  /// The latest time that everybody was told: all of what traded by then has been told before.
  package internal(set) var announced: Timestamp
  /// What the account has.
  package internal(set) var ledger: Ledger
  /// Every product's market, in the order of the listings.
  package internal(set) var markets: [ProductMarket]
  /// All orders in the sequence of placing.
  package internal(set) var orders: [SandboxOrder] = []
  /// All fills in the order in which they happened.
  package internal(set) var fills: [SandboxFill] = []
  /// The numbers of the orders that can still fill, oldest first.
  package internal(set) var working: [Int] = []

  /// What has gone wrong on purpose.
  package internal(set) var faultLog = FaultLog()

  /// What goes wrong in the book; `nil` where nothing does.
  var faults: ExchangeFaults?

  var numberOfID: [String: Int] = [:]
  var numberOfClientID: [String: Int] = [:]
  var news: [ExchangeNews] = []
  var reports: [OrderReport] = []

  /// An exchange before its first trade.
  ///
  /// - Parameters:
  ///   - settings: Products and account.
  ///   - candles: Of each product, oldest first.
  ///   - begin: What starts earlier is history: told to those who ask, not played.
  package init(_ settings: SandboxSettings, candles: [[Candle]], from begin: Timestamp? = nil) {
    precondition(
      candles.count == settings.listings.count,
      "\(settings.listings.count) products need as many series of candles, not \(candles.count)")
    var settings = settings
    if settings.faults.rules.contains(where: { $0.kind == .exitMinimums }) {
      settings.enforcesExitMinimums = true
    }
    self.settings = settings
    faults = ExchangeFaults(settings.faults)
    ledger = Ledger(currencies: settings.currencies, balances: settings.balances)
    markets = zip(settings.listings, candles).map { listing, candles in
      let played = begin.map { begin in candles.partitioned { $0.start >= begin } } ?? 0
      return ProductMarket(listing, candles: candles, played: played)
    }
    let starts = markets.compactMap { market in
      market.closed < market.candles.count ? market.candles[market.closed].start : nil
    }
    now = starts.min() ?? begin ?? Timestamp(nanoseconds: 0)
    announced = now
  }

  /// The place of a product among the markets.
  package func market(_ productID: String) -> Int? { markets.firstIndex { $0.id == productID } }

  /// An order by the exchange's name of it.
  package func order(_ id: String) -> SandboxOrder? { numberOfID[id].map { orders[$0] } }

  /// An order by its client's name of it.
  package func order(clientID: String) -> SandboxOrder? {
    numberOfClientID[clientID].map { orders[$0] }
  }

  /// Hands over what has happened since it was asked last.
  package mutating func takeNews() -> [ExchangeNews] {
    defer { news.removeAll(keepingCapacity: true) }
    return news
  }

  mutating func tell(_ number: Int, _ step: OrderStep) {
    orders[number].updated = now
    news.append(.order(orders[number], step))
  }
}

extension Array {
  /// How many elements are before the first that fulfils a condition, which all later ones do too.
  func partitioned(by isBehind: (Element) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if isBehind(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}

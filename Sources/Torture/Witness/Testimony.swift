package import Execution
package import Market
package import Sandbox

/// The exchange's side of a session: its own books, and everything that happened on the way.
package struct Testimony: Sendable {
  /// What the configuration says of a pair's exits.
  package struct ExitTerms: Hashable, Sendable {
    /// How far a stop's limit lies below its trigger, as a fraction of that.
    package var stopLimitOffset: Rate
    /// How long an exit that does not sell is left alone.
    package var escalateAfter: TimeSpan
  }

  /// Products and minimums.
  package var settings: SandboxSettings
  /// What the session was to keep to.
  package var limits: PortfolioLimits
  /// The correlation group of each pair.
  package var groups: [String?]
  /// How many candles an entry of each pair lives; `nil` where nobody says.
  package var entryLives: [Int]?
  /// The terms of each pair's exits; `nil` where nobody says.
  package var exits: [ExitTerms?]
  /// Whether it is the Exchange's API: an order that is sent again is another one there (decision note 19), and
  /// own fills are told of as trades.
  package var usesExchangeAPI: Bool
  /// Whether a stop that is to be moved may have to wait for so long that the market goes on.
  package var movesStopsLate = false
  /// When the session decided on its orders, by their names: what its record says; nothing before the end.
  package var decisions: [String: Timestamp] = [:]
  /// All orders in the sequence of placing.
  package var orders: [SandboxOrder]
  /// All fills in the order in which they happened.
  package var fills: [SandboxFill]
  /// What the account has.
  package var ledger: Ledger
  /// In the order in which it happened.
  package var happenings: [Happening]
  /// Everything that went wrong on purpose.
  package var faults: [FaultEntry]
  /// Whether anything could.
  package var isFaulty: Bool { !settings.faults.isEmpty }

  /// What an exchange says of itself.
  package init(
    _ exchange: SandboxExchange, limits: PortfolioLimits = .off, groups: [String?]? = nil,
    entryLives: [Int]? = nil, exits: [ExitTerms?]? = nil, usesExchangeAPI: Bool = false,
    happenings: [Happening]
  ) {
    settings = exchange.settings
    self.limits = limits
    self.entryLives = entryLives
    self.usesExchangeAPI = usesExchangeAPI
    self.exits = exits ?? settings.listings.map { _ in nil }
    self.groups = groups ?? settings.listings.map { _ in nil }
    orders = exchange.orders
    fills = exchange.fills
    ledger = exchange.ledger
    faults = exchange.faultLog.entries
    self.happenings = happenings
  }

  /// Whether requests may be on their way for a while.
  var hasLatency: Bool { settings.faults.rules.contains { $0.kind == .latency } }

  /// Whether an exit may be there twice: one that is still on its way is sent again.
  var mayHaveTwins: Bool { usesExchangeAPI && hasLatency }

  /// What somebody else has moved in or out, by currency: the log says '-0.5 BTC'.
  var moved: [String: Money] { moved(by: nil) }

  /// The same up to a moment.
  private func moved(by time: Timestamp?) -> [String: Money] {
    var moved: [String: Money] = [:]
    for fault in faults where fault.kind == .balanceMoved {
      if let time, fault.time > time { break }
      let words = fault.what.split(separator: " ")
      if words.count == 2, let amount = try? Money(String(words[0])) {
        moved[String(words[1]), default: .zero] += amount
      }
    }
    return moved
  }

  /// A product as the session can have it at a moment: without the coins that somebody else has taken, which
  /// nobody can offer.
  func offerable(_ market: MarketView, of place: Int, at time: Timestamp) -> MarketView {
    let taken = lack(of: settings.listings[place].baseCurrency, at: time)
    guard taken > .zero else { return market }
    var market = market
    market.held = max(.zero, market.held - Quantity(steps: taken.steps / 10_000_000_000))
    return market
  }

  /// How much of a coin somebody else has taken from what the session bought: first those go that the account
  /// had before.
  private func lack(of coin: String, at time: Timestamp? = nil) -> Money {
    let own = settings.balances[coin] ?? .zero
    let rest = own + (moved(by: time)[coin] ?? .zero)
    return rest < .zero ? Money.zero - rest : .zero
  }

  /// A product's name.
  func name(_ market: Int) -> String { settings.listings[market].product.id }

  /// An order as a violation names it.
  func name(_ order: SandboxOrder) -> String {
    let client = ClientOrderID(clientName: order.wish.clientID)
    let number = client.map { "\(name(order.market))-\($0.number)" } ?? "'\(order.wish.clientID)'"
    return "\(order.wish.side.rawValue) \(number)"
  }

  /// What the session has of each product at the end.
  var standing: [MarketView] {
    var markets = settings.listings.map { _ in MarketView() }
    for happening in happenings {
      switch happening {
      case .order(let order, let step):
        markets[order.market].take(order, step)
        if case .accepted = step, let trigger = order.stopTrigger {
          markets[order.market].trigger = max(trigger, markets[order.market].trigger ?? trigger)
        }
      case .trade(let trade, _, _): markets[trade.market].price = trade.price
      case .heartbeat, .started, .parting, .ended, .asked, .answered: break
      }
    }
    return markets
  }

  /// Whether somebody else took coins of a product that the session had bought, which cannot be offered then.
  func hasLost(_ product: String) -> Bool {
    lack(of: String(product.prefix { $0 != "-" })) > .zero
  }

  /// Whether somebody else took money away, all of which is the session's.
  var hasLostMoney: Bool {
    moved[settings.listings[0].quoteCurrency].map { $0 < .zero } ?? false
  }

  /// How much of what is held can have an exit: somebody may have taken the coins away.
  func coverable(_ held: Quantity, of place: Int) -> Quantity {
    guard hasLost(settings.listings[place].product.id) else { return held }
    let coin = settings.listings[place].baseCurrency
    return min(held, Quantity(steps: ledger[coin].total.steps / 10_000_000_000))
  }

  /// Whether two pairs count as one risk.
  func isGrouped(_ one: Int, _ other: Int) -> Bool {
    one == other || groups[one] != nil && groups[one] == groups[other]
  }

  /// Whether what is held may be too little to be sold: SEMANTICS 5.9.
  func isDust(_ market: MarketView, of place: Int) -> Bool {
    let isBound =
      settings.enforcesExitMinimums || settings.faults.rules.contains { $0.kind == .exitMinimums }
    guard isBound, let price = market.price else { return false }
    let product = settings.listings[place].product
    // An exit's limit is below the price, and its worth with it: that of a rescue stays where it began, so
    // that it may be far below by now.
    let level = min(price, market.trigger ?? price)
    return market.held < product.baseMinSize
      || level.double * market.held.double < product.quoteMinSize.double * 1.25
  }
}

extension ClientOrderID {
  /// The id that an exchange's text is; `nil` of somebody else's.
  init?(clientName text: String) {
    guard text.utf8.count == 36, let bits = UInt128(text.filter { $0 != "-" }, radix: 16) else {
      return nil
    }
    self.init(uuid: bits)
  }
}

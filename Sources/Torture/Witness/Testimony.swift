package import Execution
import Market
package import Sandbox

/// The exchange's side of a session: its own books, and everything that happened on the way.
package struct Testimony: Sendable {
  /// Products and minimums.
  package var settings: SandboxSettings
  /// What the session was to keep to.
  package var limits: PortfolioLimits
  /// The correlation group of each pair.
  package var groups: [String?]
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
    happenings: [Happening]
  ) {
    settings = exchange.settings
    self.limits = limits
    self.groups = groups ?? settings.listings.map { _ in nil }
    orders = exchange.orders
    fills = exchange.fills
    ledger = exchange.ledger
    faults = exchange.faultLog.entries
    self.happenings = happenings
  }

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
    let amount = moved(by: time)[settings.listings[place].baseCurrency] ?? .zero
    guard amount < .zero else { return market }
    var market = market
    let taken = Quantity(steps: (Money.zero - amount).steps / 10_000_000_000)
    market.held = max(.zero, market.held - taken)
    return market
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
      case .heartbeat, .started, .ended: break
      }
    }
    return markets
  }

  /// Whether somebody else took coins of a product away, which cannot be offered then.
  func hasLost(_ product: String) -> Bool {
    moved[String(product.prefix { $0 != "-" })].map { $0 < .zero } ?? false
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

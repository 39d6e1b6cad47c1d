import Configuration
import LiveBroker
import Market

/// What the exchange says before a session begins: whether it may trade, what, with how much, at what fee.
struct AccountCheck: Sendable {
  /// The pairs with the exchange's own steps and minimums.
  let pairs: [SessionPair]
  /// What the account has of the currency that pays.
  let cash: Money
  /// That currency.
  let currency: String
  /// What the exchange takes of each fill.
  let fees: FeeTier
  /// Why a new session must not begin, if it must not.
  let untradable: AccountDefect?
  /// What is good to know before a first start, line by line.
  let findings: [String]

  /// Asks.
  ///
  /// - Parameters:
  ///   - exchange: Whom.
  ///   - settings: Those of the run.
  ///   - isPaper: Whether the money is simulated: then only products are asked for, and cash and fees are
  ///     those of section `simulation`.
  /// - Throws: `AccountDefect` where a session must not begin, `ExchangeError`.
  init(_ exchange: Coinbase, _ settings: Settings, isPaper: Bool) async throws {
    var findings: [String] = []
    if !isPaper, let permissions = try await exchange.permissions() {
      guard permissions.canTrade else { throw AccountDefect.cannotTrade }
      guard !permissions.canTransfer else { throw AccountDefect.canTransfer }
    }
    var untradable: AccountDefect?
    var pairs: [SessionPair] = []
    var bought: [String] = []
    var currencies: Set<String> = []
    for pair in settings.pairs.isEmpty ? [settings.common] : settings.pairs {
      let listed = try await exchange.product(pair.name)
      if !listed.isTradable {
        untradable =
          untradable
          ?? .notTradable(
            pair.name, listed.restrictions.map(\.rawValue).sorted().joined(separator: ", "))
      }
      currencies.insert(listed.quoteCurrency)
      pairs.append(
        SessionPair(product: listed.product, interval: pair.simulation.interval))
      bought.append(listed.baseCurrency)
    }
    guard currencies.count == 1, let currency = currencies.first else {
      throw AccountDefect.manyCurrencies(currencies.sorted())
    }
    self.untradable = untradable
    self.pairs = pairs
    self.currency = currency
    guard !isPaper else {
      let simulation = settings.simulation
      cash = simulation.cash
      fees = FeeTier(makerRate: simulation.makerRate, takerRate: simulation.takerRate)
      self.findings = []
      return
    }
    let balances = try await exchange.balances()
    cash = balances.first { $0.currency == currency }?.available ?? .zero
    for name in bought {
      let held = balances.first { $0.currency == name }?.total ?? .zero
      if held > .zero {
        findings.append("the account has \(held) \(name) already; they are left alone")
      }
    }
    fees = try await exchange.feeTier()
    self.findings = findings
  }

  /// Whether a new session can begin.
  ///
  /// One that goes on may have positions: it goes on whatever is halted.
  ///
  /// - Throws: `AccountDefect.noCash`, `AccountDefect.notTradable`.
  func checkBeginning() throws(AccountDefect) {
    if let untradable { throw untradable }
    guard cash > .zero else { throw .noCash(currency) }
  }
}

/// Why a session must not begin.
enum AccountDefect: Error, Hashable, CustomStringConvertible {
  /// The key may only look.
  case cannotTrade
  /// The key may move money out.
  case canTransfer
  /// The exchange takes no orders for a product, or not all kinds.
  case notTradable(String, String)
  /// Pairs that are paid in different currencies.
  case manyCurrencies([String])
  /// There is nothing to trade with.
  case noCash(String)

  var description: String {
    switch self {
    case .cannotTrade:
      "the key may not trade. Make one with the permissions 'view' and 'trade' in Coinbase's "
        + "developer portal"
    case .canTransfer:
      "the key may transfer money out of the account, which a program that trades must not be able "
        + "to. Make one with the permissions 'view' and 'trade' alone"
    case .notTradable(let product, let why):
      "\(product) cannot be traded now (\(why)). Choose another product, or try again later"
    case .manyCurrencies(let currencies):
      "the pairs are paid in \(currencies.joined(separator: " and ")): one account has one. Run a "
        + "session for each"
    case .noCash(let currency):
      "the key's portfolio has no \(currency) available. Move some into the portfolio that the key "
        + "belongs to, or cancel what holds it"
    }
  }
}

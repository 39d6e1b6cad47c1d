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
  /// What is in the key's portfolio; `nil` where the money is simulated.
  let holdings: Holdings?
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
    var portfolio = ""
    if !isPaper, let permissions = try await exchange.permissions() {
      try AccountDefect.check(permissions)
      portfolio = permissions.portfolio
    }
    var untradable: AccountDefect?
    var pairs: [SessionPair] = []
    var products: [ListedProduct] = []
    for pair in settings.tradedPairs {
      let listed = try await exchange.product(pair.name)
      do throws(AccountDefect) { try AccountDefect.check(listed, named: pair.name) } catch {
        // What is halted may be held: whoever goes on has to be able to.
        guard case .notTradable = error else { throw error }
        untradable = untradable ?? error
      }
      pairs.append(
        SessionPair(product: listed.product, interval: pair.simulation.interval))
      products.append(listed)
    }
    self.untradable = untradable
    self.pairs = pairs
    currency = try AccountDefect.currency(of: products)
    guard !isPaper else {
      let simulation = settings.simulation
      cash = simulation.cash
      fees = FeeTier(makerRate: simulation.makerRate, takerRate: simulation.takerRate)
      holdings = nil
      self.findings = []
      return
    }
    let balances = try await exchange.balances()
    holdings = Holdings(portfolio: portfolio, balances)
    let currency = currency
    cash = balances.first { $0.currency == currency }?.available ?? .zero
    for name in products.map(\.baseCurrency) {
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

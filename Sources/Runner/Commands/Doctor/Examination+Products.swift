import Configuration
import Execution
import LiveBroker
import Market
import Persistence
import Simulator

/// What is to be traded, and whether the exchange lets it be protected.
extension Examination {
  /// The products of the session that can be traded; the others are told of.
  mutating func products(_ exchange: Coinbase) async throws -> [ListedProduct] {
    var products: [ListedProduct] = []
    for pair in settings.tradedPairs {
      do {
        let listed = try await exchange.product(pair.name)
        try AccountDefect.check(listed, named: pair.name)
        products.append(listed)
      } catch let defect as AccountDefect {
        // A session that goes on does so whatever is halted: it may have positions.
        var finding = Finding(pair.name, defect)
        if case .notTradable = defect, isBegun { finding.verdict = .warning }
        try note(finding)
      } catch {
        try note(Finding(pair.name, error))
      }
    }
    return products
  }

  /// Tells of each, of its stop-limit and of its least entry.
  mutating func note(_ products: [ListedProduct], _ exchange: Coinbase) async throws {
    for listed in products {
      let product = listed.product
      let interval = settings.simulation.interval
      let text =
        "tick \(product.quoteIncrement), lot \(product.baseIncrement), at least "
        + "\(product.baseMinSize) \(listed.baseCurrency) and \(product.quoteMinSize) "
        + "\(listed.quoteCurrency)" + (listed.price.map { "; last price \($0)" } ?? "")
      if exchange.hasCandles(of: interval) {
        try note(product.id, .ok, text)
      } else {
        try note(
          product.id, .warning,
          "\(text). The exchange has no candles of \(interval.seconds) s: nothing warms the "
            + "strategy, and a candle that lacks trades stays as it is",
          advice: "Choose another simulation.interval, such as 300")
      }
      if !exchange.client.isAnonymous { try await noteStop(listed, exchange) }
      try noteEntry(listed)
    }
  }

  /// Tries the smallest stop-limit far below the market, by a preview.
  private mutating func noteStop(_ listed: ListedProduct, _ exchange: Coinbase) async throws {
    let name = "\(listed.product.id) stop"
    guard exchange.client.api == .advancedTrade else {
      return try note(name, .unknown, "the Exchange API cannot be asked what it would take")
    }
    guard let wish = Self.trialStop(listed) else {
      return try note(name, .unknown, "there is no price yet to put a stop below")
    }
    do {
      let preview = try await exchange.preview(wish)
      guard let refusal = preview?.refusal else {
        return try note(name, .ok, "a stop-limit at \(Self.words(wish)) would be taken")
      }
      switch refusal.kind {
      case .insufficientFunds:
        try note(
          name, .ok,
          "stop-limits are taken; for this one, \(Self.words(wish)), there is nothing to sell yet")
      default:
        try note(
          name, .problem, "a stop-limit at \(Self.words(wish)) would be refused: \(refusal)",
          advice: refusal.kind == .unsupported || refusal.kind == .unknownProduct
            ? "Choose another product: without stops a position has no protection"
            : "Try again later; if it stays, do not trade \(listed.product.id)")
      }
    } catch {
      try note(Finding(name, error))
    }
  }

  private static func words(_ wish: OrderWish) -> String {
    "\(wish.order.trigger ?? wish.order.limit) for \(wish.order.quantity)"
  }

  /// The smallest sell that waits a fifth below the market; `nil` without a price.
  static func trialStop(_ listed: ListedProduct) -> OrderWish? {
    let product = listed.product
    guard let price = listed.price, price > .zero else { return nil }
    let trigger = product.atLeastOneTick(
      product.floorTick(price, times: Rate(steps: 800_000_000_000_000_000)))
    let limit = product.atLeastOneTick(
      product.floorTick(trigger, times: Rate(steps: 990_000_000_000_000_000)))
    // A lot more than the least amount buys: what it comes to must not be below that.
    let needed = WideMoney(product.quoteMinSize).quantity(at: limit, plus: Rate(steps: 0)) ?? .zero
    let least = max(product.baseMinSize, product.floorLot(needed) + product.baseIncrement)
    let onLot = product.floorLot(least)
    let quantity = onLot < least ? onLot + product.baseIncrement : onLot
    guard limit.notional(of: quantity) != nil else { return nil }
    return OrderWish(
      Order(
        id: ClientOrderID(session: 1, pair: 0, number: 1), side: .sell, limit: limit,
        trigger: trigger, quantity: quantity, submitted: .now), productID: product.id)
  }

  /// Whether the engine would make an entry of what the account has.
  private mutating func noteEntry(_ listed: ListedProduct) throws {
    guard let cash, let pair = settings.tradedPairs.first(where: { $0.name == listed.product.id })
    else { return }
    let (product, currency) = (listed.product, listed.quoteCurrency)
    let name = "\(product.id) entry"
    let budget = WideMoney(cash, times: pair.positionSize).floor
    let text =
      "an entry spends \(pair.positionSize) of the equity, about \(budget) \(currency) now, its fee "
      + "included; the least is \(product.baseMinSize) \(listed.baseCurrency) and "
      + "\(product.quoteMinSize) \(currency)"
    let verdict = isBegun ? Finding.Verdict.warning : .problem
    func advice(_ key: String) -> String { "Add \(currency), or raise portfolio.\(key)" }
    guard let price = listed.price else {
      // Without a price only what is too little at any of them can be told.
      guard budget < product.quoteMinSize else {
        return try note(name, .unknown, "\(text); there is no price to try one at")
      }
      return try note(name, verdict, text, advice: advice("position_size"))
    }
    var plan = BacktestPlan(pair)
    plan.engine.product = product
    if let takerRate { plan.engine.takerRate = takerRate }
    switch try EntryTrial(
      arguments.strategy, plan, limits: settings.limits, cash: cash, at: price)
    {
    case .order(let order):
      try note(
        name, .ok,
        "\(text): it would buy \(order.quantity) \(listed.baseCurrency) at \(order.limit)")
    case .tooSmall(let isCut):
      try note(
        name, verdict, "\(text): at \(price) it would be too small, or have a stop without a price",
        advice: advice(isCut ? "max_position_size_pct" : "position_size"))
    case .refused(let refusal):
      try note(
        name, verdict, "\(text): it would be refused by \(refusal)",
        advice: "Lower portfolio.position_size, or raise portfolio.\(refusal.rule.rawValue)")
    }
  }
}

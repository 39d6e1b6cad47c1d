import Configuration
import Credentials
import LiveBroker
import Market
import Network
import Persistence
import Reporting

/// What the exchange says of itself, the key and the account.
extension Examination {
  /// The way to the exchange; `nil` where nobody knows where it is.
  mutating func noteAccess(on loop: EventLoop) throws -> ExchangeAccess? {
    var credentials: ExchangeCredentials?
    do {
      let found = try arguments.credentials()
      credentials = found
      try note(
        "credentials", .ok,
        "\(found.kind.rawValue) for \(found.kind.api), from "
          + "\(arguments.neighbour == nil ? "\(found.source)" : found.source.path ?? ""), name \(found.nameEnd)"
      )
    } catch {
      try note(Finding("credentials", error))
    }
    do {
      return try arguments.outside(on: loop, as: credentials)
    } catch {
      try note(Finding("exchange", error))
      return nil
    }
  }

  /// Asks the exchange, as long as it answers.
  mutating func examine(_ access: ExchangeAccess) async throws {
    let exchange = access.exchange
    guard try await noteClock(exchange, at: access.rest) else { return }
    let products = try await products(exchange)
    if !exchange.client.isAnonymous {
      try await notePermissions(exchange)
      try await noteBalances(exchange, products)
      // Before the products: their entries have to pay them.
      try await noteFees(exchange)
    }
    try await note(products, exchange)
    try await noteFeed(access)
  }

  /// Whether it answers at all; `false` where it does not.
  ///
  /// What is asked next is signed with its time, as a session would.
  private mutating func noteClock(_ exchange: Coinbase, at place: Endpoint) async throws -> Bool {
    var skew: ClockSkew
    do {
      skew = try await exchange.clockSkew()
      // The first answer waits for the connection, or for a busy machine; one that does not says more.
      for _ in 0..<2 where skew.within >= ClockSkew.noticeable {
        let next = try await exchange.clockSkew()
        if next.within < skew.within { skew = next }
      }
    } catch {
      try note(Finding("clock", error))
      try note(
        "exchange", .unknown, "\(place.authority) did not answer: nothing else was asked there")
      return false
    }
    try note(Finding(skew, limit: settings.live.maxClockSkew, place: place.authority))
    if skew.isTold { await exchange.client.set(skew: skew.estimate) }
    return true
  }

  private mutating func notePermissions(_ exchange: Coinbase) async throws {
    let name = "permissions"
    do {
      guard let permissions = try await exchange.permissions() else {
        return try note(
          name, .unknown, "the Exchange API does not say what a key may do",
          advice: "See to it that it is 'view' and 'trade' alone")
      }
      try AccountDefect.check(permissions)
      portfolio = permissions.portfolio
      try note(name, .ok, "the key may view and trade, and not transfer")
    } catch {
      try note(Finding(name, error))
    }
  }

  /// The portfolio that the key belongs to: money in another one cannot be seen (coinbase.md C 22).
  private mutating func noteBalances(
    _ exchange: Coinbase, _ products: [ListedProduct]
  ) async throws {
    let name = "portfolio"
    do {
      let holdings = Holdings(portfolio: portfolio, try await exchange.balances())
      let place = holdings.portfolio.map { "the key's is \($0)" } ?? "the key's portfolio"
      let text = "\(place), with \(holdings.contents)"
      guard !products.isEmpty else { return try note(name, .ok, text) }
      let currency = try AccountDefect.currency(of: products)
      let cash = holdings.balances.first { $0.currency == currency }?.available ?? .zero
      self.cash = cash
      guard cash == .zero, !isBegun else { return try note(name, .ok, text) }
      let defect = AccountDefect.noCash(currency)
      try note(name, .problem, "\(text): no \(currency) is available", advice: defect.advice)
    } catch {
      try note(Finding(name, error))
    }
  }

  /// What each fill costs, and how far the price must go until a round trip has paid for itself.
  private mutating func noteFees(_ exchange: Coinbase) async throws {
    let name = "fees"
    do {
      let tier = try await exchange.feeTier()
      let (maker, taker) = (tier.makerRate, tier.takerRate)
      takerRate = taker
      func breakEven(exit: Rate) -> String {
        Display.percent(
          Costs(trades: [], makerRate: maker, takerRate: exit, slippage: Rate(steps: 0))
            .makerBreakEven)
      }
      let text =
        (tier.name.isEmpty ? "" : "\(tier.name): ")
        + "maker \(maker), taker \(taker); a round trip "
        + "pays when the price has moved \(breakEven(exit: maker)) with a maker's exit, "
        + "\(breakEven(exit: taker)) with a taker's, as a stop's mostly is"
      let simulation = settings.simulation
      guard maker != simulation.makerRate || taker != simulation.takerRate else {
        return try note(name, .ok, text)
      }
      try note(
        name, .warning,
        "\(text). Backtests with these settings count \(simulation.makerRate) and "
          + "\(simulation.takerRate)",
        advice:
          "For backtests set simulation.maker_rate=\(maker) and simulation.taker_rate=\(taker)")
    } catch {
      try note(Finding(name, error))
    }
  }

  /// Whether prices arrive: a WebSocket may be in a firewall's way where requests are not.
  private mutating func noteFeed(_ access: ExchangeAccess) async throws {
    let name = "feed"
    do {
      let feed = try await FeedConnection.open(
        access.feed, over: access.sockets, access.exchange.client)
      let alarm = Task {
        try await Task.sleep(for: .seconds(20))
        await feed.close()
      }
      defer { alarm.cancel() }
      // Nothing of the account: a second listener there could put a running session off.
      try await feed.subscribe(
        toLifeOf: arguments.names, isPublic: true, hasCandles: false)
      var answer: FeedEvent?
      while answer == nil, let input = try await feed.next() {
        switch input {
        case .message(let message): answer = message.events.first
        case .ping(let payload): try await feed.answer(payload)
        }
      }
      await feed.close()
      let place = access.feed.endpoint.authority
      switch answer {
      case nil: try note(name, .problem, "\(place) says nothing", advice: Self.networkAdvice)
      default: try note(name, .ok, "\(place) answers")
      }
    } catch let refusal as FeedRefusal {
      try note(
        name, .problem, "\(access.feed.endpoint.authority): \(refusal)",
        advice: "A subscription names the products and is signed: see their lines, those of the "
          + "credentials and the clock, and try again")
    } catch {
      try note(
        name, .problem, "\(error)", advice: Self.networkAdvice)
    }
  }

  private static let networkAdvice =
    "See to it that WebSockets get through the firewall or proxy to there"
}

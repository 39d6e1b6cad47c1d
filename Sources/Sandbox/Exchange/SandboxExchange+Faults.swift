import Market
import Matching

/// What goes wrong in the book and with the money.
extension SandboxExchange {
  /// What cancelled orders held and has not been given back.
  package var lateHolds: [LateAmount] { faults?.holds ?? [] }

  /// What was bought and is not in the account yet.
  package var lateCredits: [LateAmount] { faults?.credits ?? [] }

  /// Notes what goes wrong, and with which market, where it is of one alone.
  mutating func log(
    _ kind: FaultKind, _ what: String, until: Timestamp? = nil, of market: Int? = nil
  ) {
    faultLog.add(kind, at: now, what, until: until, market: market)
  }

  /// How an order is called in the log.
  func name(_ number: Int) -> String {
    let wish = orders[number].wish
    return "\(wish.side.rawValue) \(orders[number].quantity) \(wish.productID), client order id "
      + "'\(wish.clientID)'"
  }

  // MARK: - Of the whole exchange

  /// Lets begin what the calendar has for the exchange itself.
  mutating func begin(_ dice: inout FaultDice, until: Timestamp) {
    switch dice.rule.kind {
    case .productHalted:
      let market = dice.pick(Array(markets.indices), otherwise: 0)
      let mode = dice.pick(dice.rule.modes, otherwise: .closed)
      markets[market].halt = (mode, until)
      log(
        .productHalted, "\(markets[market].id) \(mode.rawValue)", until: until, of: market)
    case .balanceMoved:
      let currency = dice.rule.currency ?? dice.pick(ledger.currencies, otherwise: "USD")
      let available = ledger[currency].available
      var amount = dice.rule.amount.map { dice.draw($0) }
      if amount == nil {
        let portion = dice.draw(dice.rule.portion)
        // Eight decimals are enough, and the product fits.
        let unit: Int128 = 10_000_000_000
        let share = available.steps / unit * (portion.steps / unit) / 100_000_000
        amount = Money(steps: share * unit)
      }
      let moved = max(amount ?? .zero, -available)
      ledger.add(moved, of: currency)
      log(.balanceMoved, "\(moved) \(currency)")
    default: preconditionFailure("\(dice.rule.kind) is not the exchange's")
    }
  }

  // MARK: - Time and requests

  /// Ends what lasted until now.
  mutating func endFaults() {
    for market in markets.indices {
      if let halt = markets[market].halt, now >= halt.until { markets[market].halt = nil }
    }
    endLags()
    for (number, time) in faults?.failing ?? [] where now >= time { fail(number) }
    for (number, until) in faults?.resting ?? [] where now >= until { wake(number) }
  }

  /// Ends everything that lasts: the data's time does not go on.
  ///
  /// First what orders do, each as it is by then: one that is taken out does not wake any more, and what
  /// others do may be released, credited or listed late in its turn. A stop that was to fail does not.
  mutating func endAllFaults() {
    faults?.failing = []
    while let number = faults?.cancelling.first?.number { takeOut(number, .cancelled, why: "") }
    while let number = faults?.pending.first?.number { show(number) }
    while let number = faults?.resting.first?.number { wake(number) }
    guard let faults else { return }
    for hold in faults.holds { ledger.hold(-hold.amount, of: hold.currency) }
    self.faults?.holds = []
    for credit in faults.credits { ledger.add(credit.amount, of: credit.currency) }
    self.faults?.credits = []
    self.faults?.fills = []
    self.faults?.candles = []
  }

  /// From now on nothing goes wrong.
  mutating func ceaseFaults() {
    endAllFaults()
    let fated = faults?.fated ?? []
    faults = nil
    for market in markets.indices { markets[market].halt = nil }
    for (number, _) in fated { submit(number) }
  }

  /// A stop that has triggered goes into the book at last.
  private mutating func wake(_ number: Int) {
    faults?.resting.removeAll { $0.number == number }
    submit(number)
  }

  /// A stop that was accepted fails: what it was to sell could not be held; coinbase.md A.7 and A.8.
  private mutating func fail(_ number: Int) {
    faults?.failing.removeAll { $0.number == number }
    // One that has triggered meanwhile is a limit order like any other.
    guard orders[number].trigger == .waiting else { return }
    log(.stopFailed, name(number), of: orders[number].market)
    takeOut(number, .failed(.insufficientFunds), why: "")
  }

  /// Counts a request of a client's, which has been answered.
  mutating func hear(_ group: RequestGroup) {
    guard faults != nil else { return }
    switch group {
    case .place, .account:
      for index in faults?.holds.indices ?? 0..<0 { faults?.holds[index].lag.count() }
      for index in faults?.credits.indices ?? 0..<0 { faults?.credits[index].lag.count() }
    case .orders:
      for index in faults?.pending.indices ?? 0..<0 { faults?.pending[index].lag.count() }
      for index in faults?.cancelling.indices ?? 0..<0 { faults?.cancelling[index].lag.count() }
      for index in faults?.fills.indices ?? 0..<0 { faults?.fills[index].lag.count() }
    case .market: countLateCandles()
    case .cancel, .edit, .time, .socket: return
    }
    endLags()
  }

  private mutating func endLags() {
    guard let faults else { return }
    for hold in faults.holds where hold.lag.isOver(now) {
      ledger.hold(-hold.amount, of: hold.currency)
    }
    for credit in faults.credits where credit.lag.isOver(now) {
      ledger.add(credit.amount, of: credit.currency)
    }
    let now = now
    self.faults?.holds.removeAll { $0.lag.isOver(now) }
    self.faults?.credits.removeAll { $0.lag.isOver(now) }
    self.faults?.fills.removeAll { $0.lag.isOver(now) }
    self.faults?.candles.removeAll { $0.lag.isOver(now) }
    for (number, lag) in faults.pending where lag.isOver(now) { show(number) }
    for (number, lag) in faults.cancelling where lag.isOver(now) {
      takeOut(number, .cancelled, why: "")
    }
  }

  /// Lets an order show that it is in the book.
  mutating func show(_ number: Int) {
    faults?.pending.removeAll { $0.number == number }
    guard orders[number].disguise == .pending else { return }
    orders[number].disguise = .none
    tell(number, .shown)
  }

  // MARK: - Placing

  /// Notes that a sell was refused because the plan wants minimums to hold for sells.
  mutating func logExitMinimum(_ refusal: PlacementRefusal, _ wish: PlacementWish) {
    guard wish.side == .sell, settings.faults.rules.contains(where: { $0.kind == .exitMinimums })
    else { return }
    switch refusal {
    case .baseTooSmall, .quoteTooSmall:
      log(
        .exitMinimums, "\(wish.productID), client order id '\(wish.clientID)'",
        of: market(wish.productID))
    case .unknownProduct, .unsupported, .limitPrecision, .stopPrecision, .sizePrecision,
      .quoteSizePrecision, .tooLarge, .insufficientFunds, .postOnlyWouldTake, .stopAboveLastTrade,
      .stopBelowLastTrade, .stopBelowLimit, .stopAboveLimit, .limitTooFar, .endTimePassed,
      .tooManyOrders, .cancelOnly, .tradingDisabled, .unexplained:
      break
    }
  }

  /// Why a wish that nothing speaks against is refused all the same; `nil` where it is not.
  mutating func refuses(_ wish: PlacementWish, in market: Int) -> PlacementRefusal? {
    let price = markets[market].price
    guard
      let place = faults?.dice.struck(
        .stopRefused, where: { !$0.refusals(of: wish, at: price).isEmpty }),
      let forms = faults?.dice[place].rule.refusals(of: wish, at: price),
      let form = faults?.dice[place].pick(forms, otherwise: .through)
    else { return nil }
    log(
      .stopRefused,
      "\(wish.side.rawValue) \(wish.productID), client order id '\(wish.clientID)', "
        + "as \(form.rawValue)", of: market)
    if form == .unknown { return .unexplained }
    if form == .tooFar { return .limitTooFar }
    if case .stopLimit(_, _, .up, _) = wish.terms { return .stopBelowLastTrade }
    return .stopAboveLastTrade
  }

  /// Lets a new order show PENDING, or fail later, and says whether it is a stop that will not fill.
  mutating func misplace(_ number: Int) -> Bool {
    if let place = faults?.dice.struck(.orderPending), let lag = lag(place) {
      orders[number].disguise = .pending
      faults?.pending.append((number, lag))
      log(
        .orderPending, "\(name(number)) \(lag.text(from: now))", of: orders[number].market)
    }
    if case .stopLimit = orders[number].wish.terms, orders[number].wish.side == .sell,
      let place = faults?.dice.struck(.stopFailed),
      let length = faults?.dice[place].drawDelay()
    {
      faults?.failing.append((number, now + length))
    }
    guard case .stopLimit(_, _, .down, _) = orders[number].wish.terms,
      let place = faults?.dice.struck(.stopUnfilled),
      let length = faults?.dice[place].drawDelay()
    else { return false }
    faults?.fated.append((number, length))
    return true
  }

  /// How long what a rule does lasts this time.
  mutating func lag(_ place: Int) -> Lag? {
    guard var dice = faults?.dice[place] else { return nil }
    let lag = Lag(&dice, from: now)
    faults?.dice[place] = dice
    return lag
  }

  // MARK: - Stops that do not fill

  /// Where the next of them would trigger on the way down to a price.
  func fatedTrigger(in market: Int, below price: Price, above target: Price) -> Price? {
    faults?.fated.compactMap { number, _ in
      guard orders[number].market == market,
        case .stopLimit(let trigger, _, _, _) = orders[number].wish.terms,
        trigger < price, trigger > target
      else { return nil }
      return trigger
    }.max()
  }

  /// Triggers one that the price has reached; it rests outside the book.
  mutating func triggerFated(in market: Int) -> Bool {
    let price = markets[market].engine.marketPrice
    let reached = faults?.fated.first { number, _ in
      guard orders[number].market == market,
        case .stopLimit(let trigger, _, _, _) = orders[number].wish.terms
      else { return false }
      return price <= trigger
    }
    guard let (number, delay) = reached else { return false }
    faults?.fated.removeAll { $0.number == number }
    faults?.resting.append((number, now + delay))
    orders[number].trigger = .triggered
    log(.stopUnfilled, name(number), until: now + delay, of: orders[number].market)
    tell(number, .triggered)
    return true
  }

  // MARK: - Cancelling

  /// Takes a cancel in a way of its own; `false` where it goes as it should.
  mutating func miscancel(_ number: Int) -> Bool {
    if orders[number].disguise == .cancelQueued { return true }
    if let place = faults?.dice.struck(.cancelFilled) {
      guard let range = faults?.dice[place].rule.portion,
        let portion = faults?.dice[place].draw(range)
      else { return false }
      return fillInstead(number, portion)
    }
    guard let place = faults?.dice.struck(.cancelLate), let lag = lag(place) else { return false }
    orders[number].disguise = .cancelQueued
    faults?.pending.removeAll { $0.number == number }
    faults?.cancelling.append((number, lag))
    log(.cancelLate, "\(name(number)) \(lag.text(from: now))", of: orders[number].market)
    tell(number, .shown)
    return true
  }

  /// Fills an order that is cancelled, as if that had happened a moment before, or a part of it.
  ///
  /// A limit order fills at its limit; a stop that waits as if a trade at its trigger had just been.
  private mutating func fillInstead(_ number: Int, _ portion: Money) -> Bool {
    let order = orders[number]
    let market = markets[order.market]
    guard let name = order.inEngine else { return false }
    var quantity = order.left
    if portion < 1 {
      // A part of less than one in millionths.
      let part = order.left.steps / 1_000_000 * (portion.steps / 1_000_000_000_000)
      quantity = market.listing.product.floorLot(Quantity(steps: part))
    }
    guard quantity > .zero else { return false }
    var price = order.limit
    var liquidity = Liquidity.maker
    if case .stopLimit(let trigger, _, .down, _) = order.wish.terms, order.trigger == .waiting {
      let product = market.listing.product
      price = max(
        price, product.floorTick(trigger, times: market.listing.model.slippage.complement))
      liquidity = .taker
      orders[number].trigger = .triggered
      tell(number, .triggered)
    }
    markets[order.market].engine.cancel(name, into: &reports)
    reports.removeAll(keepingCapacity: true)
    markets[order.market].fallingStops.removeAll { $0 == number }
    orders[number].inEngine = nil
    markets[order.market].extraFills += 1
    let model = market.listing.model
    let rate = liquidity == .maker ? model.makerRate : model.takerRate
    log(
      .cancelFilled, "\(self.name(number)): \(quantity) at \(price)", of: orders[number].market)
    book(
      Fill(
        order: name, id: market.lastFill + 1, time: now, side: order.wish.side, price: price,
        quantity: quantity, fee: (price * quantity).fee(at: rate), liquidity: liquidity), number)
    if orders[number].status.isWorking { end(number, .cancelled, why: "") }
    return true
  }

  /// Keeps what a cancelled order held for a while; `false` where it is given back at once.
  mutating func keepsHold(of number: Int) -> Bool {
    let order = orders[number]
    guard order.status.isWorking, order.held > .zero,
      let place = faults?.dice.struck(.holdLate), let lag = lag(place)
    else { return false }
    let currency = currencyHeld(by: order)
    faults?.holds.append(LateAmount(currency: currency, amount: order.held, lag: lag))
    log(.holdLate, "\(order.held) \(currency) \(lag.text(from: now))")
    return true
  }

  /// Keeps what was bought out of the account for a while; `false` where it is there at once.
  mutating func keepsCredit(_ fill: Fill, of market: Int) -> Bool {
    guard fill.side == .buy, let place = faults?.dice.struck(.creditLate), let lag = lag(place)
    else { return false }
    let currency = markets[market].listing.baseCurrency
    faults?.credits.append(
      LateAmount(currency: currency, amount: Money(fill.quantity), lag: lag))
    log(.creditLate, "\(fill.quantity) \(currency) \(lag.text(from: now))", of: market)
    return true
  }

  // MARK: - Liquidity

  /// How much trades in a candle, as far as orders are concerned.
  mutating func volume(of candle: Candle, in market: Int) -> Quantity {
    let mine = working.filter { orders[$0].market == market }
    let participation = markets[market].listing.model.participation
    guard !mine.isEmpty, participation > .zero, let place = faults?.dice.struck(.partialFill),
      let range = faults?.dice[place].rule.portion, let portion = faults?.dice[place].draw(range),
      let number = faults?.dice[place].pick(mine, otherwise: mine[0])
    else { return candle.volume }
    let part = orders[number].left.steps / 1_000_000 * (portion.steps / 1_000_000_000_000)
    let share = markets[market].listing.product.floorLot(Quantity(steps: part))
    // As much as makes this share of it, rounded up.
    let one = Int128(Rate.one.steps)
    let (steps, overflow) = share.steps.multipliedReportingOverflow(by: one)
    guard !overflow else { return candle.volume }
    let whole = Int128(participation.steps)
    let volume = min(candle.volume, Quantity(steps: (steps + whole - 1) / whole))
    log(.partialFill, "\(markets[market].id): at most \(share)", of: market)
    return volume
  }
}

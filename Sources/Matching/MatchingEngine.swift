public import Market

/// The simulated market of one pair: orders in, reports out; SEMANTICS 6.
///
/// A candle is played as a jump to its open and three moves. After `beginJump` or `beginMove`,
/// `step` deals with one order at a time, so that whoever trades can answer each report before the
/// price moves on: what is sent meanwhile is looked at on arrival, at the price of that moment.
/// Pure: no clock, no chance.
public struct MatchingEngine: Sendable {
  /// How the market behaves.
  public let model: MarketModel
  /// What is traded.
  public let product: Product

  /// Where the price is on its way.
  @usableFromInline
  enum Motion: Hashable, Sendable {
    /// Between candles: nothing is looked at before the next jump.
    case idle
    /// At a point: everything that could happen there has.
    case still
    /// At a new price, with no price in between; `next` to `last` are the arrivals still to be
    /// looked at.
    case jump(next: Int, last: Int)
    /// On the way to this price.
    case move(to: Price)
  }

  private var orders: [WorkingOrder] = []
  @usableFromInline var motion = Motion.idle
  @usableFromInline var price = Price.zero
  @usableFromInline var time = Timestamp(nanoseconds: 0)
  /// What trades in this candle.
  @usableFromInline var volume = Quantity.zero
  /// What may still fill in it; worked out when something does.
  @usableFromInline var liquidity: Quantity?
  @usableFromInline var arrivals = 0
  private var fills: UInt64 = 0
  /// Prices strictly between these two touch no order.
  @usableFromInline package private(set) var quietAbove = Price(steps: .min)
  @usableFromInline package private(set) var quietBelow = Price.greatest

  /// A market without orders, whose fills are numbered on from `lastFill`.
  public init(product: Product, model: MarketModel, lastFill: UInt64 = 0) {
    self.product = product
    self.model = model
    fills = lastFill
  }

  /// Whether a candle with these extremes would touch no order at all.
  @inlinable
  public func isUntouched(low: Price, high: Price) -> Bool {
    low > quietAbove && high < quietBelow
  }

  /// The numbers of the orders in the book, oldest first.
  public var working: [ClientOrderID] { orders.map(\.order.id) }

  /// Where the price is: within a move, the level at which something happened last; 0 before the first
  /// jump.
  public var marketPrice: Price { price }

  /// Whether it is between candles, so that what is submitted waits for the next jump.
  public var isBetweenCandles: Bool { motion == .idle }

  /// What may still fill in this candle; SEMANTICS 6.9.
  public var liquidityLeft: Quantity {
    liquidity ?? share
  }

  /// Whether a stop in the book still waits for its trigger.
  public func isWaitingForTrigger(_ id: ClientOrderID) -> Bool {
    orders.contains { $0.order.id == id && $0.hasTrigger }
  }

  // MARK: - The price

  /// Begins a candle with a jump to its open; SEMANTICS 6.2 and 6.9.
  @inlinable
  public mutating func beginJump(to open: Price, at time: Timestamp, volume: Quantity) {
    self.volume = volume
    liquidity = nil
    price = open
    self.time = time
    motion = .jump(next: 0, last: arrivals)
  }

  /// Begins the move to the candle's next point; everything within it bears the time of that point.
  @inlinable
  public mutating func beginMove(to target: Price, at time: Timestamp) {
    self.time = time
    motion = .move(to: target)
  }

  /// Ends the jump or move just begun at once if it meets no order, and says whether it did so.
  ///
  /// What `step` would find out order by order, from two comparisons.
  @inlinable
  public mutating func arriveUntouched() -> Bool {
    let target: Price
    switch motion {
    case .idle, .still: return true
    case .jump: target = price
    case .move(let to): target = to
    }
    guard isUntouched(low: min(price, target), high: max(price, target)) else { return false }
    price = target
    motion = .still
    return true
  }

  /// Ends the candle: what is sent from now on waits for the next jump.
  @inlinable
  public mutating func endCandle() { motion = .idle }

  /// Between candles, lets time pass: what happens next happens then.
  public mutating func wait(until time: Timestamp) { self.time = time }

  /// More has traded in the candle than was known at its open.
  ///
  /// - Returns: Whether more may fill now.
  mutating func add(volume size: Quantity) -> Bool {
    let before = liquidityLeft
    let filled = share - before
    let (sum, overflow) = volume.steps.addingReportingOverflow(size.steps)
    volume = overflow ? .greatest : Quantity(steps: sum)
    liquidity = share - filled
    return liquidityLeft > before
  }

  /// Begins to look again, where the price is, at what had met the limit of liquidity; oldest first.
  ///
  /// Whatever else is in the book has been looked at on the way here.
  mutating func lookAgain() {
    if motion == .still { motion = .jump(next: 0, last: arrivals) }
  }

  /// What may fill in this candle, of which nothing has yet; 6.9.
  private var share: Quantity { product.floorLot(volume.portion(model.participation)) }

  /// Lets the next thing happen on the way to the point.
  ///
  /// - Returns: Whether anything happened; `false` when the price has arrived.
  public mutating func step(into reports: inout [OrderReport]) -> Bool {
    switch motion {
    case .idle, .still: return false
    case .jump(let next, let last): return stepJump(from: next, to: last, into: &reports)
    case .move(let target): return stepMove(to: target, into: &reports)
    }
  }

  /// Every order is looked at once, at the price jumped to, oldest first; 6.7.
  private mutating func stepJump(
    from next: Int, to last: Int, into reports: inout [OrderReport]
  ) -> Bool {
    guard let index = orders.firstIndex(where: { $0.arrival >= next && $0.arrival < last }) else {
      motion = .still
      return false
    }
    motion = .jump(next: orders[index].arrival + 1, last: last)
    look(at: index, into: &reports)
    return true
  }

  /// The first order that the price reaches, the older one of two at one price; 6.7.
  private mutating func stepMove(to target: Price, into reports: inout [OrderReport]) -> Bool {
    var first: Int?
    for index in orders.indices where isReached(orders[index], before: target) {
      guard let best = first else {
        first = index
        continue
      }
      let (level, bestLevel) = (level(of: orders[index]), level(of: orders[best]))
      if target < price ? level > bestLevel : level < bestLevel { first = index }
    }
    guard let index = first else {
      price = target
      motion = .still
      return false
    }
    price = level(of: orders[index])
    switch orders[index].stage {
    case .waiting: trigger(index, into: &reports)
    case .resting: fill(index, at: orders[index].order.limit, .maker, into: &reports)
    case .new, .exhausted: preconditionFailure("only resting orders and waiting stops are reached")
    }
    return true
  }

  /// The price at which a move meets the order.
  private func level(of working: WorkingOrder) -> Price {
    working.stage == .waiting ? working.order.trigger ?? .zero : working.order.limit
  }

  /// Whether the move from the current price to `target` meets the order.
  private func isReached(_ working: WorkingOrder, before target: Price) -> Bool {
    switch working.stage {
    case .new, .exhausted: return false
    case .waiting: return target < price && target <= level(of: working)
    case .resting:
      let limit = working.order.limit
      switch working.order.side {
      case .buy: return target < price && goesThrough(limit, downTo: target)
      case .sell: return target > price && goesThrough(limit, upTo: target)
      }
    }
  }

  private func goesThrough(_ limit: Price, downTo target: Price) -> Bool {
    target < limit || (model.fillsOnTouch && target == limit)
  }

  private func goesThrough(_ limit: Price, upTo target: Price) -> Bool {
    target > limit || (model.fillsOnTouch && target == limit)
  }

  // MARK: - Orders

  /// Places an order; it takes effect at once.
  public mutating func submit(_ order: Order, into reports: inout [OrderReport]) {
    // Candles in which nothing happens do not pass here, but the order knows what time it is.
    time = max(time, order.submitted)
    let hasTrigger = order.trigger != nil
    orders.append(
      WorkingOrder(
        order: order, arrival: arrivals, stage: .new, remaining: order.quantity,
        hasTrigger: hasTrigger))
    arrivals += 1
    report(order.id, .accepted, into: &reports)
    if motion != .idle { look(at: orders.count - 1, into: &reports) }
    findQuietPrices()
  }

  /// Takes an order out of the book, or says that it is too late.
  public mutating func cancel(_ id: ClientOrderID, into reports: inout [OrderReport]) {
    guard let index = orders.firstIndex(where: { $0.order.id == id }) else {
      report(id, .cancelRefused, into: &reports)
      return
    }
    orders.remove(at: index)
    report(id, .cancelled, into: &reports)
    findQuietPrices()
  }

  /// Looks at an order at the price of the moment, which nothing led to continuously; 6.4 to 6.6.
  private mutating func look(at index: Int, into reports: inout [OrderReport]) {
    let working = orders[index]
    if working.hasTrigger {
      if let trigger = working.order.trigger, price <= trigger {
        self.trigger(index, into: &reports)
      } else {
        orders[index].stage = .waiting
        findQuietPrices()
      }
      return
    }
    let limit = working.order.limit
    let isBuy = working.order.side == .buy
    switch working.stage {
    case .waiting: preconditionFailure("a waiting stop has its trigger")
    case .resting:
      if isBuy ? goesThrough(limit, downTo: price) : goesThrough(limit, upTo: price) {
        fill(index, at: limit, .maker, into: &reports)
      }
    case .new, .exhausted:
      if isBuy ? price > limit : price < limit {
        orders[index].stage = .resting
        findQuietPrices()
      } else if working.order.isPostOnly, working.stage == .new {
        orders.remove(at: index)
        report(working.order.id, .rejected(.postOnlyWouldTake), into: &reports)
        findQuietPrices()
      } else {
        fill(index, at: takerPrice(working.order), .taker, into: &reports)
      }
    }
  }

  /// The stop has triggered: from here on it is a new limit sell; 6.6.
  private mutating func trigger(_ index: Int, into reports: inout [OrderReport]) {
    orders[index].hasTrigger = false
    orders[index].stage = .new
    look(at: index, into: &reports)
  }

  /// The market price made worse by the slippage, but never worse than the limit; 6.4 and 6.5.
  private func takerPrice(_ order: Order) -> Price {
    switch order.side {
    case .buy:
      min(order.limit, product.ceilTick(price, times: model.slippage.growth) ?? order.limit)
    case .sell: max(order.limit, product.floorTick(price, times: model.slippage.complement))
    }
  }

  /// Executes what liquidity allows; what it does not allow waits for the next jump; 6.9.
  private mutating func fill(
    _ index: Int, at price: Price, _ kind: Liquidity, into reports: inout [OrderReport]
  ) {
    let working = orders[index]
    let liquidity = liquidityLeft
    let quantity = min(working.remaining, liquidity)
    self.liquidity = liquidity - quantity
    if quantity == working.remaining {
      orders.remove(at: index)
    } else {
      orders[index].remaining -= quantity
      orders[index].stage = .exhausted
    }
    findQuietPrices()
    guard quantity > .zero else { return }
    fills += 1
    let rate = kind == .maker ? model.makerRate : model.takerRate
    let fill = Fill(
      order: working.order.id, id: fills, time: time, side: working.order.side, price: price,
      quantity: quantity, fee: (price * quantity).fee(at: rate), liquidity: kind)
    report(working.order.id, .filled(fill), into: &reports)
  }

  private func report(
    _ order: ClientOrderID, _ news: OrderReport.News, into reports: inout [OrderReport]
  ) {
    reports.append(OrderReport(order: order, time: time, news: news))
  }

  /// Works out which prices touch nothing, so that most candles need not be walked.
  private mutating func findQuietPrices() {
    quietAbove = Price(steps: .min)
    quietBelow = .greatest
    for working in orders {
      switch (working.stage, working.order.side) {
      case (.new, _), (.exhausted, _):
        quietAbove = .greatest
      case (.waiting, _): quietAbove = max(quietAbove, level(of: working))
      case (.resting, .buy): quietAbove = max(quietAbove, working.order.limit)
      case (.resting, .sell): quietBelow = min(quietBelow, working.order.limit)
      }
    }
  }
}

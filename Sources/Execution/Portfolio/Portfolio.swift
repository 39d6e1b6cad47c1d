public import Market

/// The account that pairs share, what each of them has at stake, and the limits on all of it;
/// SEMANTICS 8.
///
/// A value like the engines that it is lent to for one event at a time. A single pair is a portfolio
/// of one whose limits are off. Pairs are known by their number in the order of registration, which
/// is also their priority at one close.
public struct Portfolio: Hashable, Sendable, Codable {
  /// Cash and the worth of all positions.
  public private(set) var account: Account
  /// What may be risked.
  public let limits: PortfolioLimits
  /// What losses are measured by.
  public let capital: Money
  /// The pairs, in the order of registration.
  public internal(set) var pairs: [PairExposure]
  /// The name of each pair's group.
  private var groups: [String?] = []

  /// The trip of the breaker; `nil` while it has not tripped or was reset.
  public private(set) var trip: BreakerTrip?
  /// The level at which the breaker trips; `nil` where it is off.
  private let tripLevel: Level?
  /// The day that `dayLevel` is of.
  private var day: Int64?
  /// The level at which the day is lost, from equity at its first close event.
  private var dayLevel: Level?
  /// Whether the day's loss has ended entries.
  public private(set) var isDayLost = false

  /// Where the pair is that plays ahead of the account; `nil` while the account is where the pairs are.
  @usableFromInline package var lead: TurnTime?
  /// What that pair has done to the account, still to be counted.
  package var pending: [AccountChange] = []

  /// What is written down: between events of a run no pair is ahead.
  private enum CodingKeys: CodingKey {
    case account, limits, capital, pairs, groups, trip, tripLevel, day, dayLevel, isDayLost
  }

  /// A portfolio that holds only cash.
  ///
  /// - Parameters:
  ///   - cash: The account at the start.
  ///   - limits: What may be risked.
  ///   - groups: The correlation group of each pair, in the order of registration; a pair without one
  ///     is its own.
  public init(cash: Money, limits: PortfolioLimits = .off, groups: [String?] = [nil]) {
    account = Account(cash: cash)
    capital = cash
    self.limits = limits
    tripLevel = limits.emergencyLiquidationLoss.map { Level(of: cash, percent: 100 + $0) }
    pairs = []
    for group in groups { register(group: group) }
  }

  /// Takes a pair in, behind all that are there.
  ///
  /// - Parameter group: Its correlation group; without one it is its own.
  /// - Returns: The pair's number.
  @discardableResult
  public mutating func register(group: String?) -> Int {
    let pair = pairs.count
    let number = group.flatMap { name in groups.firstIndex { $0 == name } } ?? pair
    pairs.append(PairExposure(group: number))
    groups.append(group)
    return pair
  }

  /// Cash + Σ position × latest close, exact.
  public var equity: Money { account.equity }

  /// Whether the breaker has tripped.
  public var isTripped: Bool { trip != nil }

  // MARK: - What happens to a pair

  /// A pair has a new latest close.
  ///
  /// Where the pair is ahead of the account nothing happens: `Backtest` values it at each turn.
  @usableFromInline
  package mutating func revalue(_ pair: Int, at close: Price) {
    if isBehind { return }
    let exposure = pairs[pair]
    if exposure.quantity != .zero {
      account.revalue(exposure.quantity, from: exposure.close, to: close)
    }
    pairs[pair].close = close
  }

  /// Some pairs have new latest closes.
  package mutating func revalue(_ closes: borrowing [(pair: Int, close: Price)]) {
    pairs.withUnsafeMutableBufferPointer { pairs in
      for index in closes.indices {
        let (pair, close) = closes[index]
        account.revalue(pairs[pair].quantity, from: pairs[pair].close, to: close)
        pairs[pair].close = close
      }
    }
  }

  /// A fill changed cash and a pair's position; the new units count at the pair's latest close.
  @usableFromInline
  package mutating func apply(_ fill: Fill, of pair: Int) {
    if let lead {
      pending.append(AccountChange(at: lead, .fill(fill)))
      return
    }
    account.apply(fill, latestClose: pairs[pair].close)
    switch fill.side {
    case .buy: pairs[pair].quantity += fill.quantity
    case .sell: pairs[pair].quantity -= fill.quantity
    }
  }

  /// Sets aside what an entry may still cost.
  @usableFromInline
  mutating func reserve(_ quantity: Quantity, at limit: Price, takerRate: Rate, for pair: Int) {
    account.reserve(quantity, at: limit, takerRate: takerRate)
    pairs[pair].unfilled = quantity
    pairs[pair].limit = limit
    pairs[pair].isUnanswered = true
  }

  /// The exchange has said something about a pair's entry, so that it is known to be there or not.
  @usableFromInline
  mutating func answer(_ pair: Int) { pairs[pair].isUnanswered = false }

  /// Gives back what an entry can no longer cost.
  @usableFromInline
  package mutating func release(
    _ quantity: Quantity, at limit: Price, takerRate: Rate, for pair: Int
  ) {
    if quantity == .zero { return }
    if let lead {
      let change = AccountChange.Kind.release(quantity, limit: limit, takerRate: takerRate)
      pending.append(AccountChange(at: lead, change))
      return
    }
    account.release(quantity, at: limit, takerRate: takerRate)
    pairs[pair].unfilled -= quantity
  }

  /// As if a pair had bought for nothing what is worth that much now; for tests.
  package mutating func buy(_ quantity: Quantity, of pair: Int, worth close: Price) {
    pairs[pair].quantity += quantity
    pairs[pair].close = close
    account.revalue(quantity, from: .zero, to: close)
  }

  // MARK: - Breaker and daily limit

  /// What a look at equity after a close has found.
  public struct Finding: Hashable, Sendable {
    /// The breaker trips now: everything is to be sold.
    public var trip: BreakerTrip?
    /// The day is lost from now on: no more entries.
    public var isDayLost = false
  }

  /// Looks at equity after a pair's close event, before its decision; SEMANTICS 8.5 and 8.6.
  ///
  /// - Parameters:
  ///   - day: The day of the candle's start.
  ///   - time: The time of the close.
  /// - Returns: What is new.
  public mutating func look(day: Int64, time: Timestamp) -> Finding {
    var finding = Finding()
    if let limit = limits.dailyLossLimit {
      // Live, a pair's close may be known late: behind another's of the next day, whose day it is then.
      if self.day.map({ $0 < day }) ?? true {
        self.day = day
        dayLevel = Level(of: equity, percent: 100 - limit)
        isDayLost = false
      }
      if !isDayLost, let dayLevel, equity <= dayLevel.reached {
        isDayLost = true
        finding.isDayLost = true
      }
    }
    if let level = tripLevel, !isTripped, equity <= level.reached {
      trip = BreakerTrip(time: time, equity: equity, level: level.exact)
      finding.trip = trip
    }
    return finding
  }

  /// An operator allows entries again after the breaker has tripped.
  public mutating func reset() { trip = nil }

  /// A level of equity, worked out once: equity is compared with it at every close.
  private struct Level: Hashable, Sendable, Codable {
    /// Exactly.
    let exact: WideMoney
    /// The greatest amount that has reached it.
    let reached: Money

    init(of money: Money, percent: Money) {
      exact = WideMoney(money, percent: percent)
      reached = exact.floor
    }
  }

  // MARK: - Approval

  /// Whether an entry may be submitted, and with what quantity; SEMANTICS 8.4, in its order.
  ///
  /// - Parameters:
  ///   - quantity: What 4.4 allows.
  ///   - limit: The entry's price.
  ///   - pair: Who asks.
  ///   - product: Whose lot and minimums apply after a cut.
  /// - Returns: The answer, with both figures where it is a refusal.
  public func approve(
    _ quantity: Quantity, at limit: Price, for pair: Int, of product: Product
  ) -> Approval {
    if let trip {
      return .refused(
        Refusal(rule: .breaker, value: WideMoney(equity), limit: trip.level), isCut: false)
    }
    if isDayLost, let level = dayLevel {
      return .refused(
        Refusal(rule: .dailyLossLimit, value: WideMoney(equity), limit: level.exact),
        isCut: false)
    }
    if pairs[pair].membership != .registered {
      return .refused(
        Refusal(rule: .removal, value: WideMoney(count: 1), limit: WideMoney(.zero)), isCut: false)
    }
    if let most = limits.maxPositions {
      let count = pairs.indices.count { $0 == pair || pairs[$0].isActive }
      if count > most {
        return .refused(
          Refusal(
            rule: .maxPositions, value: WideMoney(count: count), limit: WideMoney(count: most)),
          isCut: false)
      }
    }
    var quantity = quantity
    var isCut = false
    if let percent = limits.maxPositionSize {
      let most = WideMoney(equity, percent: percent)
      if WideMoney(limit * quantity) > most {
        isCut = true
        quantity = product.floorLot(most.quantity(at: limit, plus: .zero) ?? .zero)
        guard product.allowsEntry(quantity, at: limit) else { return .tooSmall }
      }
    }
    if let percent = limits.maxCorrelatedExposure {
      let group = pairs[pair].group
      var held = limit * quantity
      for exposure in pairs where exposure.group == group { held += exposure.exposure }
      let most = WideMoney(equity, percent: percent)
      if WideMoney(held) > most {
        return .refused(
          Refusal(rule: .maxCorrelatedExposure, value: WideMoney(held), limit: most), isCut: isCut)
      }
    }
    if let most = limits.maxConcurrentOrders {
      let count = 1 + pairs.count { $0.isUnanswered }
      if count > most {
        return .refused(
          Refusal(
            rule: .maxConcurrentOrders, value: WideMoney(count: count),
            limit: WideMoney(count: most)),
          isCut: isCut)
      }
    }
    return .approved(quantity, isCut: isCut)
  }
}

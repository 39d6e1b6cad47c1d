import Market
import Sandbox

/// What must hold of exits for as long as a position lasts, however often something goes wrong: I3.
extension EventCheck {
  /// So many candles a position may be without its exit, whatever goes wrong meanwhile.
  private static let candlesForCover = 12
  /// So many candles may pass until a rescue is there that is due.
  private static let candlesForRescue = 3
  /// And after that so long by the clock, in which the market waits at each step: several looks at the
  /// exchange's books, should one or the other fail.
  private static let secondsForMending = 20.0

  /// One fault after the other keeps a position from its exit for a while, and not for good.
  ///
  /// What lasts is another matter, such as a product that is halted. With each exit that is accepted it
  /// begins anew: that may have failed since.
  mutating func checkLongBareness(_ trade: MarketTrade, _ isFollowed: Bool, _ clock: Double) {
    let place = trade.market
    guard isTended(isFollowed), !isHindered(place, at: trade.time),
      let market = lacking(place, at: trade.time)
    else {
      markets[place].bareness = nil
      return
    }
    var spell = market.bareness ?? Spell(since: trade.time)
    let span = testimony.settings.interval * Self.candlesForCover
    let isTooLong = spell.isTooLong(at: trade.time, clock, after: span, Self.secondsForMending)
    markets[place].bareness = spell
    guard isTooLong, !market.isBareTold else { return }
    markets[place].isBareTold = true
    add(
      .cover,
      "\(testimony.name(place)): \(market.held) is held and exits are for \(market.covered) since "
        + "\(spell.began), and nothing lasts that explains it")
  }

  /// A limit order that sells, and that the market has left behind, is followed by one below the market:
  /// SEMANTICS 5.6.
  mutating func checkRescue(_ trade: MarketTrade, _ isFollowed: Bool, _ clock: Double) {
    let place = trade.market
    guard let terms = testimony.exits[place], isTended(isFollowed), !isDark(place, at: trade.time)
    else {
      markets[place].stranded = [:]
      return
    }
    let grace = testimony.settings.interval * Self.candlesForRescue
    let patience = TimeSpan(nanoseconds: terms.escalateAfter.nanoseconds + grace.nanoseconds)
    let (before, exits) = (markets[place].stranded, markets[place].exits(above: trade.price))
    markets[place].stranded = [:]
    for exit in exits {
      var spell = before[exit.number] ?? Spell(since: trade.time)
      let isTooLong = spell.isTooLong(
        at: trade.time, clock, after: patience, Self.secondsForMending)
      markets[place].stranded[exit.number] = spell
      guard isTooLong else { continue }
      add(
        .cover,
        "\(testimony.name(exit)) at \(exit.limit) has been above the market since \(spell.began), and "
          + "nothing takes its place")
    }
  }

  /// A stop's limit is as far below its trigger as the configuration says: SEMANTICS 5.2.
  ///
  /// So is that of an old stop which goes back where the new one is refused.
  mutating func checkLimit(of order: SandboxOrder, _ trigger: Price) {
    guard let terms = testimony.exits[order.market] else { return }
    let product = testimony.settings.listings[order.market].product
    let limit = product.atLeastOneTick(
      product.floorTick(trigger, times: terms.stopLimitOffset.complement))
    guard order.limit != limit else { return }
    add(
      .cover,
      "\(testimony.name(order)) has its limit at \(order.limit), and its trigger at \(trigger) "
        + "gives \(limit)")
  }
}

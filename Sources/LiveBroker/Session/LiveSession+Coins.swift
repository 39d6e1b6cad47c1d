import Execution
import Market
import Persistence

/// Coins that an exit is refused for want of.
///
/// Holds of old orders are released within seconds (coinbase.md A.9); coins may also be gone, or be held by
/// somebody else's order. What there is has its exit then, and the record stays as it is.
extension LiveSession {
  /// An exit was refused, or was taken and failed, for want of coins.
  func noteShortage(of pair: Int) {
    // One of long ago says nothing of what this one lacks.
    let last = lanes[pair].shortage.map { $0.looked ?? $0.since }
    if last.map({ .now - $0 > settings.scaled(Placing.longestLag * 4) }) ?? true {
      lanes[pair].shortage = Lane.Shortage()
    }
  }

  /// An exit was taken, all of it or the part of which there are coins.
  func noteTaken(_ placing: Placing, of pair: Int) {
    // What was taken may fail, as the one before.
    if lanes[pair].setback == nil { lanes[pair].shortage = nil }
    if !placing.isPart { lanes[pair].lack = nil }
  }

  /// Offers as much less as was missing when the last exit was taken: nobody waits and looks for that again.
  ///
  /// - Returns: Whether less is offered now than before.
  @discardableResult
  func leaveOut(_ placing: inout Placing, of pair: Int) -> Bool {
    guard !placing.isPart, let lack = lanes[pair].lack, lack < placing.wish.order.quantity else {
      return false
    }
    placing.wish.order.quantity -= lack
    placing.isPart = true
    return true
  }

  /// Looks where the coins are, once they have been waited for.
  ///
  /// What an order of ours has sold that was given up is not missing: it is counted first.
  ///
  /// - Returns: Whether there is anything to be offered.
  func lookForCoins(_ placing: inout Placing, of pair: Int) async -> Bool {
    guard let shortage = lanes[pair].shortage, !mayLag(pair),
      .now - (shortage.looked ?? shortage.since) >= settings.scaled(Placing.patience)
    else { return true }
    lanes[pair].shortage?.looked = .now
    await cancelOrphans(of: pair)
    for id in sent[pair].inDoubt { await lookForLate(id, of: pair) }
    guard machine.standing(of: pair).held >= placing.whole else { return true }
    // Holds that are still there after so long are those of orders that are not ours, and may stay.
    let isLate = shortage.looked != nil && !isRecent(shortage.since)
    let part = isLate ? \Balance.availableQuantity : \.totalQuantity
    if await shrink(&placing, part, of: pair) { return true }
    // What is not there cannot be offered: the lane is free for what can be done.
    lanes[pair].dust = placing.wish.order.id
    lanes[pair].shortage = nil
    return false
  }

  /// The exchange has less than is to be sold: what there is gets its exit order.
  ///
  /// - Returns: Whether there is anything.
  private func shrink(
    _ placing: inout Placing, _ part: KeyPath<Balance, Quantity>, of pair: Int
  ) async -> Bool {
    let product = product(of: pair)
    guard let balances = try? await exchange.balances(.protective) else { return true }
    let balance = balances.first { $0.currency == product.base }
    let there = product.floorLot(balance?[keyPath: part] ?? .zero)
    let isEmpty = product.floorLot(balance?.totalQuantity ?? .zero) == .zero
    guard placing.wish.order.quantity > there, there > .zero || isEmpty else { return true }
    let words =
      "the account has \(there) \(product.base) to sell, the record \(placing.whole): what is there is "
      + "covered. Bring the rest back, or cancel what holds it"
    incident(.balanceDiffers, words, pair: pair)
    noteShortfall(
      Lack(
        pair: pair, missing: Int128((placing.whole - there).steps), mayBeLate: false, words: words))
    guard there > .zero else { return false }
    placing.wish.order.quantity = there
    placing.isPart = true
    lanes[pair].lack = placing.whole - there
    return true
  }

  /// Whether coins may be ours that the account does not show yet: it follows the fills by some seconds, and
  /// by up to 20 after a purchase (coinbase.md A.9, C.21).
  func mayLag(_ pair: Int) -> Bool { isRecent(lanes[pair].lastPurchase) }

  /// Whether something was so short a time ago that the account may not show it yet.
  func isRecent(_ time: ContinuousClock.Instant?) -> Bool {
    time.map { .now - $0 < settings.scaled(Placing.longestLag) } ?? false
  }
}

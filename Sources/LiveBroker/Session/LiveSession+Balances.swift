import Execution
import Market
import Persistence

/// What the account has beside what the record says.
extension LiveSession {
  /// Compares them, as after a connection was made.
  func lookAtBalances() async {
    do throws(ExchangeError) { try await compareBalances() } catch {
      say(.trouble("the exchange's balances cannot be read: \(error)"))
    }
  }

  /// Compares what the account has with the record, and holds entries where it has less.
  ///
  /// A fill that only the exchange knows yet looks like a difference: only one that lasts is one.
  func compareBalances() async throws(ExchangeError) {
    // What waits for the store is not in the record yet.
    guard stall == nil else { return }
    var lacks: [Lack] = []
    for attempt in 0..<3 {
      if attempt > 0 {
        try? await Task.sleep(for: settings.scaled(.seconds(2)))
        await settleAll()
      }
      let balances = try await exchange.balances()
      lacks = self.lacks(balances)
      if lacks.allSatisfy(\.mayBeLate) { break }
    }
    for pair in pairs.indices where !lacks.contains(where: { $0.pair == pair || $0.pair == nil }) {
      release(.balance, pair: pair)
    }
    // What came back is not missing any more.
    accepted = accepted.compactMap { [lacks] one in
      guard let now = lacks.first(where: { $0.pair == one.pair }) else { return nil }
      return now.missing < one.missing ? now : one
    }
    shortfalls = lacks.filter { !$0.mayBeLate }
    for lack in shortfalls where !isAccepted(lack) {
      let concerned = lack.pair.map { [$0] } ?? Array(pairs.indices)
      if concerned.allSatisfy({ watchdog.reasons(of: $0).contains(.balance) }) { continue }
      incident(.balanceDiffers, lack.words, pair: lack.pair)
      hold(.balance, lack.words, pair: lack.pair)
    }
  }

  /// An operator lets a pair's entries go on though the account has less than the record: as much less as it has
  /// now is no reason any more to hold them.
  func acceptShortfalls(of pair: Int) {
    for lack in shortfalls where lack.pair == pair || lack.pair == nil {
      accepted.removeAll { $0.pair == lack.pair }
      accepted.append(lack)
    }
  }

  /// An exit was refused for what is missing.
  func noteShortfall(_ lack: Lack) {
    shortfalls.removeAll { $0.pair == lack.pair }
    shortfalls.append(lack)
    if !isAccepted(lack) { hold(.balance, lack.words, pair: lack.pair) }
  }

  private func isAccepted(_ lack: Lack) -> Bool {
    accepted.contains { $0.pair == lack.pair && $0.missing >= lack.missing }
  }

  /// Something that the record has and the account has not.
  struct Lack: Hashable, Sendable {
    /// Whose coins; `nil` where it is the money.
    let pair: Int?
    /// How much, in steps of the coins or the money.
    let missing: Int128
    /// Whether there was a fill so short a time ago that the account may not show it yet: it is no reason to
    /// hold entries, nor to let them go on.
    let mayBeLate: Bool
    let words: String
  }

  private func lacks(_ balances: [Balance]) -> [Lack] {
    var lacks: [Lack] = []
    for pair in pairs.indices {
      let (base, held) = (pairs[pair].product.base, machine.standing(of: pair).held)
      let there = balances.first { $0.currency == base }?.totalQuantity ?? .zero
      guard there < held else { continue }
      lacks.append(
        Lack(
          pair: pair, missing: Int128((held - there).steps), mayBeLate: mayLag(pair),
          words: "the account has \(there) \(base), the record \(held)"))
    }
    let (quote, cash) = (pairs[0].product.quote, machine.portfolio.account.cash)
    let there = balances.first { $0.currency == quote }?.total ?? .zero
    if there + Self.smallChange < cash {
      lacks.append(
        Lack(
          pair: nil, missing: (cash - there).steps,
          mayBeLate: lanes.contains { isRecent($0.lastSale) },
          words: "the account has \(there) \(quote), the record \(cash)"))
    }
    return lacks
  }

  /// An exchange may show an amount with fewer digits than it counts with.
  private static var smallChange: Money { Money(steps: 10_000_000_000_000_000) }
}

extension Product {
  /// The currency that is traded.
  var base: String { String(id.prefix { $0 != "-" }) }
  /// The currency that pays.
  var quote: String { String(id.drop { $0 != "-" }.dropFirst()) }
}

import Execution
import Market
import Matching
import Persistence

/// Simulated money on a real feed: the session is the same, and Matching does the fills.
extension LiveSession {
  /// Whether orders go to a simulated market.
  var isPaper: Bool { !markets.isEmpty }

  /// Carries a command out; what the market says waits in line.
  func perform(_ command: Command, of pair: Int) {
    switch command {
    case .submit(let order, role: _): markets[pair].submit(order, into: &answers)
    case .cancel(let id, reason: _): markets[pair].cancel(id, into: &answers)
    }
  }

  /// Tells the engines what their markets have said, in that order.
  func drain() {
    guard !isDraining else { return }
    isDraining = true
    defer { isDraining = false }
    var next = 0
    while next < answers.count, failure == nil {
      let answer = answers[next]
      next += 1
      report(answer.order, answer.news, at: answer.time)
    }
    answers.removeAll(keepingCapacity: true)
  }

  /// Lets a pair's market go the way to a trade, report by report.
  ///
  /// - Returns: Whether there was a way to go.
  func move(
    _ pair: Int, to trade: FeedTrade, at time: Timestamp, inCandleFrom start: Timestamp
  ) -> Bool {
    guard
      markets[pair].begin(trade.price, size: trade.size, at: time, inCandleFrom: start)
    else { return false }
    while markets[pair].step(into: &answers) { drain() }
    return true
  }

  /// Puts the orders of the record back into the simulated books, which no store keeps.
  ///
  /// What traded while nobody was here has passed them by.
  func restoreBooks() {
    for pair in pairs.indices {
      let standing = machine.standing(of: pair)
      let orders = [standing.entry, standing.exit].compactMap { $0 }
      for managed in orders.sorted(by: { $0.order.id.number < $1.order.id.number }) {
        let id = managed.order.id
        guard !markets[pair].working.contains(id) else { continue }
        sent[pair].resume(managed, knowing: (try? recordedFills(of: id)) ?? [])
        var order = managed.order
        order.quantity = managed.remaining
        markets[pair].submit(order, into: &answers)
        // That it is accepted is news for an order that was never answered alone.
        if managed.state.isAnswered { answers.removeAll { $0.order == id } }
        if managed.state == .cancelPending { markets[pair].cancel(id, into: &answers) }
      }
      drain()
    }
  }
}

import Execution
import Market
import Persistence

/// What orders have filled, as the exchange's list of fills has it.
extension LiveSession {
  /// Reads the fills of an order until they add up to what the exchange says is filled, and tells the engine
  /// of them.
  ///
  /// Without an end: an order that is over with a fill missing would leave coins that nobody knows of.
  func readFills(of id: ClientOrderID, named name: String, upTo filled: Quantity, _ pair: Int) async
  {
    let isFirst = lanes[pair].reading.insert(id).inserted
    defer { if isFirst { lanes[pair].reading.remove(id) } }
    var wait = Backoff(first: TimeSpan(nanoseconds: 50_000_000), longest: TimeSpan(seconds: 10))
    var attempts = 0
    var asked: ClientOrderID?
    while !isOver {
      var lacking = "the exchange's list of fills has not as much yet"
      do throws(ExchangeError) {
        let fills = try await exchange.fills(ofOrder: name, .protective).compactMap {
          $0.fill(of: id)
        }
        let purchases = await purchases(beside: id, of: pair)
        count(fills, of: id, behind: purchases, pair)
        if let order = sent[pair][id], order.filled >= filled { return }
        if !purchases.isWhole { lacking = "what its entry has bought is not known yet" }
      } catch {
        trouble(.lostAnswer, "\(error)", pair)
      }
      attempts += 1
      // The list of fills may come a moment after the order's figures.
      if attempts % 10 == 0 {
        trouble(.missedFill, "order \(name) has \(filled) filled, and \(lacking)", pair)
      }
      await seeToExit(of: pair)
      await askForEndOfEntry(&asked, of: pair)
      await pause(&wait)
    }
  }

  /// What an entry has bought, and whether that is all.
  struct Purchases {
    fileprivate var fills: [Fill] = []
    fileprivate(set) var isWhole = true
  }

  /// What an entry has bought that works beside an exit, or one before, of which there are fills.
  func purchases(beside id: ClientOrderID, of pair: Int) async -> Purchases {
    guard sent[pair][id]?.order.side == .sell, let entry = machine.standing(of: pair).entry,
      entry.state.isAnswered, let known = known(entry.order.id, of: pair)
    else { return Purchases() }
    let id = entry.order.id
    do throws(ExchangeError) {
      guard let name = try await exchangeID(of: id, pair),
        let found = try await exchange.order(name, .protective)
      else { return Purchases() }
      // The feed may be ahead.
      let told = lanes[pair].work.compactMap { $0.sight(of: id)?.filled }.max() ?? .zero
      let bought = max(found.filled, told)
      guard bought > known.filled else { return Purchases() }
      let fills = try await exchange.fills(ofOrder: name, .protective).compactMap {
        $0.fill(of: id)
      }
      return Purchases(
        fills: fills, isWhole: fills.reduce(.zero) { $0 + $1.quantity } >= bought)
    } catch {
      trouble(.lostAnswer, "\(error)", pair)
      return Purchases(isWhole: false)
    }
  }

  /// Tells the engine of an order's fills: of an exit's among those of the entry, in the order of time.
  ///
  /// Whoever hears of the sale first takes the position for closed. What the entry had bought before, and
  /// the feed has not told, would be a new one then, with a trigger of its own below the one that was there.
  /// So a sale of all that is known to be held waits until the purchases are known. One of which something is
  /// left does not: that needs its exit.
  ///
  /// - Returns: Whether the engine was told.
  @discardableResult
  func count(
    _ fills: [Fill], of id: ClientOrderID, behind purchases: Purchases, _ pair: Int
  ) -> Bool {
    if purchases.isWhole {
      // A purchase of the same moment goes first: `sorted` keeps the order of what is equal.
      let all = purchases.fills + fills
      // What is to be sold at once is all there is, also what was bought a moment later.
      let isPlanned = machine.standing(of: pair).isSalePlanned
      (isPlanned ? all : all.sorted { $0.time < $1.time }).forEach(handleFill)
      return true
    }
    purchases.fills.forEach(handleFill)
    let known = sent[pair][id]?.fills ?? []
    let sold = fills.reduce(Quantity.zero) { known.contains($1.id) ? $0 : $0 + $1.quantity }
    // What waits for the store is not in the engine's books yet.
    guard stall == nil, sold < machine.standing(of: pair).held else { return false }
    fills.forEach(handleFill)
    return true
  }
}

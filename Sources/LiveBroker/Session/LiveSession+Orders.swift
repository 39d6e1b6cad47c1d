import Execution
import Market
import Persistence

/// What becomes of orders at the exchange.
extension LiveSession {
  /// An order has changed without our asking.
  func look(at id: ClientOrderID, _ sight: Lane.Sight, of pair: Int) async {
    guard let order = known(id, of: pair) else { return }
    if order.isInDoubt { return await lookForLate(id, of: pair) }
    guard !order.isOver else { return }
    if let filled = sight.filled, let status = sight.status, let name = order.exchangeID {
      if filled > order.filled { await count(id, named: name, upTo: filled, pair) }
      end(id, status, sight.reason, of: pair)
      return
    }
    var backoff = Backoff.answer
    while !isOver, sent[pair][id]?.isOver == false {
      do throws(ExchangeError) {
        guard let name = try await exchangeID(of: id, pair) else { return }
        if let found = try await exchange.order(name, .protective) {
          await take(found, id, of: pair)
        } else {
          report(id, .cancelled)
        }
        return
      } catch {
        trouble(.lostAnswer, "\(error)", pair)
        await pause(&backoff)
      }
    }
  }

  /// What was sent of an order; of one of the record that the exchange was not asked about yet, as at a
  /// start before the feed is there, what the record has.
  func known(_ id: ClientOrderID, of pair: Int) -> SentOrders.Sent? {
    if let order = sent[pair][id] { return order }
    let standing = machine.standing(of: pair)
    guard
      let managed = [standing.entry, standing.exit].compactMap({ $0 }).first(where: {
        $0.order.id == id
      })
    else { return nil }
    resume(managed, of: pair)
    return sent[pair][id]
  }

  /// Tells the engine all that is new of an order.
  func take(_ found: ExchangeOrder, _ id: ClientOrderID, of pair: Int) async {
    guard let order = sent[pair][id] else { return }
    if found.filled > order.filled {
      await count(id, named: found.id, upTo: found.filled, pair)
    }
    end(id, found.status, found.reason, of: pair)
  }

  /// Tells the engine of an order's fills: of an exit's behind those of the entry, where that still works.
  ///
  /// Whoever hears of the sale first takes the position for closed. What the entry had bought before, and
  /// the feed has not told, would be a new one then, with a trigger of its own below the one that was there.
  private func count(
    _ id: ClientOrderID, named name: String, upTo filled: Quantity, _ pair: Int
  ) async {
    let isFirst = lanes[pair].reading.insert(id).inserted
    defer { if isFirst { lanes[pair].reading.remove(id) } }
    let standing = machine.standing(of: pair)
    if id == standing.exit?.order.id, let entry = standing.entry, entry.state.isAnswered,
      !lanes[pair].reading.contains(entry.order.id)
    {
      await look(at: entry.order.id, Lane.Sight(), of: pair)
    }
    await readFills(of: id, named: name, upTo: filled, pair)
  }

  /// Reads the fills of an order until they add up to what the exchange says is filled.
  ///
  /// Without an end: an order that is over with a fill missing would leave coins that nobody knows of.
  private func readFills(
    of id: ClientOrderID, named name: String, upTo filled: Quantity, _ pair: Int
  ) async {
    var wait = Backoff(first: TimeSpan(nanoseconds: 50_000_000), longest: TimeSpan(seconds: 10))
    var attempts = 0
    while !isOver {
      do throws(ExchangeError) {
        for found in try await exchange.fills(ofOrder: name, .protective) {
          guard let fill = found.fill(of: id) else { continue }
          handleFill(fill)
        }
        if let order = sent[pair][id], order.filled >= filled { return }
      } catch {
        trouble(.lostAnswer, "\(error)", pair)
      }
      attempts += 1
      // The list of fills may come a moment after the order's figures.
      if attempts % 10 == 0 {
        trouble(
          .missedFill,
          "order \(name) has \(filled) filled, and the exchange's list of fills has not as much yet",
          pair)
      }
      await seeToExit(of: pair)
      await pause(&wait)
    }
  }

  private func end(
    _ id: ClientOrderID, _ status: ExchangeOrder.Status, _ reason: String, of pair: Int
  ) {
    guard !isOver, sent[pair][id]?.isOver == false else { return }
    switch status {
    case .cancelled: report(id, .cancelled)
    case .expired: report(id, .expired)
    case .failed:
      if id == machine.standing(of: pair).exit?.order.id { setBack(pair) }
      report(id, .rejected(RefusalKind(reasons: [reason], words: reason).rejection))
    // Filled to the end, and less than the engine has asked for: what was sent was smaller.
    case .filled: report(id, .cancelled)
    case .pending, .open, .queued, .cancelQueued, .editQueued, .unknown: break
    }
  }

  // MARK: - Trouble

  /// Notes and tells what went wrong with a pair.
  func trouble(_ kind: IncidentKind, _ words: String, _ pair: Int) {
    incident(kind, words, pair: pair)
    say(.trouble("\(pairs[pair].product.id): \(words)"))
  }

  /// Waits before something is tried again.
  func pause(_ backoff: inout Backoff) async {
    var random = SystemRandomNumberGenerator()
    try? await Task.sleep(for: settings.scaled(backoff.fail(using: &random)))
  }
}

extension Backoff {
  /// Between questions that the exchange has not answered.
  static var answer: Backoff {
    Backoff(first: TimeSpan(nanoseconds: 200_000_000), longest: TimeSpan(seconds: 10))
  }
}

extension ExchangeError {
  /// Whether the exchange finds something wrong, and says it in words that nobody knows.
  var isInvalid: Bool { if case .invalid = problem { true } else { false } }

  /// Whether it is for too many requests.
  var isLimit: Bool { if case .rateLimited = problem { true } else { false } }

  /// Why the exchange refuses an order, where it does.
  var refusalKind: RefusalKind? {
    if case .refused(let refusal) = problem { refusal.kind } else { nil }
  }
}

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
      if filled > order.filled { await readFills(of: id, named: name, upTo: filled, pair) }
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
      await readFills(of: id, named: found.id, upTo: found.filled, pair)
    }
    end(id, found.status, found.reason, of: pair)
  }

  private func end(
    _ id: ClientOrderID, _ status: ExchangeOrder.Status, _ reason: String, of pair: Int
  ) {
    guard !isOver, sent[pair][id]?.isOver == false else { return }
    switch status {
    case .cancelled: report(id, .cancelled)
    case .expired: report(id, .expired)
    case .failed:
      let kind = RefusalKind(reasons: [reason], words: reason)
      if id == machine.standing(of: pair).exit?.order.id { setBack(pair, kind) }
      report(id, .rejected(kind.rejection))
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

import Execution
import Market

/// What is done at the exchange: orders, their ends, and what became of both.
extension LiveSession {
  /// How long an exit is tried again that is refused because the exchange still holds the coins.
  private static let releaseBudget = Duration.seconds(10)

  // MARK: - Placing

  /// Sends an order and tells the engine what the exchange says.
  func place(_ order: Order, _ role: OrderRole, of pair: Int) async {
    var wish = OrderWish(order, productID: pairs[pair].product.id)
    let priority: RequestPriority = role == .entry ? .entry : .protective
    let began = ContinuousClock.now
    var pause = Duration.milliseconds(100)
    while true {
      do throws(ExchangeError) {
        let placed = try await exchange.place(wish, priority)
        if placed.clientID.isEmpty || ClientOrderID(text: placed.clientID) == order.id {
          name(order.id, placed.id)
          report(order.id, .accepted)
          return
        }
        // coinbase.md C.5: success with somebody else's order is no success.
        say(
          .trouble(
            "\(pairs[pair].product.id): the answer to order \(order.id) names \(placed.clientID); "
              + "the order is looked up"))
        guard await lookUp(wish, priority, of: pair) else { continue }
        return
      } catch {
        switch error.problem {
        case .refused(let refusal)
        where refusal.kind == .stopAboveLastTrade && wish.order.trigger != nil:
          // SEMANTICS 5.8: sent as the limit sell that it would become.
          wish.order.trigger = nil
          continue
        case .refused(let refusal)
        where refusal.kind == .insufficientFunds && role != .entry
          && ContinuousClock.now - began < Self.releaseBudget:
          // The hold of the order it replaces is released a moment after the cancel: A.9.
          try? await Task.sleep(for: pause)
          pause = min(pause * 2, .seconds(2))
          continue
        case .refused, .invalid, .unauthorized, .forbidden, .notFound, .rateLimited, .unavailable,
          .unreadable, .lost, .unexpected:
          break
        }
        say(.trouble("\(pairs[pair].product.id): \(error)"))
        if error.repetition == .afterLookUp {
          guard await lookUp(wish, priority, of: pair) else { continue }
          return
        }
        report(order.id, .rejected(error.rejection ?? .other))
        return
      }
    }
  }

  /// An order's answer was lost: finds out whether there is such an order, and never sends it blindly.
  ///
  /// - Returns: Whether the engine knows now; `false` where the exchange has no such order, so that the
  ///   same one, with the same id, is to be sent again.
  private func lookUp(
    _ wish: OrderWish, _ priority: RequestPriority, of pair: Int
  ) async -> Bool {
    let id = wish.order.id
    var backoff = Duration.milliseconds(200)
    var isTold = false
    var isSure = false
    while failure == nil, !Task.isCancelled {
      do throws(ExchangeError) {
        if let found = try await exchange.find(
          wish.order, product: pairs[pair].product.id, priority)
        {
          name(id, found.id)
          if found.status == .failed {
            report(id, .rejected(found.rejection ?? .other))
          } else {
            report(id, .accepted)
            await take(found, id, of: pair)
          }
          return true
        }
        // Advanced Trade makes no second order of one id. The Exchange would, and the first may still
        // be on its way.
        if exchange.client.api == .exchange, !isSure {
          isSure = true
          try? await Task.sleep(for: .seconds(1))
          continue
        }
        // Told to the engine, the order waits; not told, it is as if it had only just been sent.
        guard isTold else { return false }
        report(id, .rejected(.other))
        return true
      } catch {
        if !isTold { report(id, .unanswered) }
        isTold = true
        say(.trouble("\(pairs[pair].product.id): \(error)"))
        try? await Task.sleep(for: backoff)
        backoff = min(backoff * 2, .seconds(10))
      }
    }
    return true
  }

  // MARK: - Cancelling

  /// Asks for an order's end, waits until it has ended, and tells the engine how; coinbase.md A.9.
  func cancel(_ id: ClientOrderID, _ reason: CancelReason, of pair: Int) async {
    guard let order = sent[pair][id], !order.isOver else { return }
    if reason == .ratchet || reason == .quantity, let defect = defectOfNextStop(of: pair) {
      // First the new stop is looked at: an old one that is there is better than a new one that is not.
      say(.trouble("\(pairs[pair].product.id): the stop stays where it is: \(defect)"))
      report(id, .cancelRefused)
      return
    }
    do throws(ExchangeError) {
      guard let name = try await exchangeID(of: id, pair) else {
        report(id, .cancelled)
        return
      }
      switch try await exchange.cancel(name, product: pairs[pair].product.id) {
      case .requested, .alreadyRequested, .nothingToCancel: break
      case .refused(let why):
        say(.trouble("\(pairs[pair].product.id): the cancel of order \(id) is refused: \(why)"))
        report(id, .cancelRefused)
        return
      }
      try await awaitEnd(of: id, named: name, pair)
    } catch {
      say(.trouble("\(pairs[pair].product.id): \(error)"))
      // Not told, the engine would wait for ever; told so, it asks again at the next trade.
      try? await Task.sleep(for: .seconds(1))
      report(id, .cancelRefused)
    }
  }

  /// What an exchange would find wrong with the stop that is to replace the one there is.
  private func defectOfNextStop(of pair: Int) -> String? {
    let standing = machine.standing(of: pair)
    let product = pairs[pair].product
    guard standing.held > .zero else { return nil }
    if standing.held < product.baseMinSize {
      return "the \(standing.held) held are less than the \(product.baseMinSize) it takes"
    }
    return nil
  }

  private func exchangeID(of id: ClientOrderID, _ pair: Int) async throws(ExchangeError) -> String?
  {
    guard let order = sent[pair][id] else { return nil }
    if let name = order.exchangeID { return name }
    guard
      let found = try await exchange.find(
        order.order, product: pairs[pair].product.id, .protective)
    else { return nil }
    name(id, found.id)
    return found.id
  }

  /// Reads an order until it is over: that a cancel was accepted is no end.
  private func awaitEnd(
    of id: ClientOrderID, named name: String, _ pair: Int
  ) async throws(ExchangeError) {
    var pause = Duration.milliseconds(50)
    while failure == nil, sent[pair][id]?.isOver == false {
      guard let found = try await exchange.order(name, .protective) else {
        report(id, .cancelled)  // The Exchange forgets an order that ended without a fill.
        return
      }
      await take(found, id, of: pair)
      if !found.status.isWorking { return }
      try? await Task.sleep(for: pause)
      pause = min(pause * 2, .seconds(2))
    }
  }

  // MARK: - What becomes of orders

  /// An order has changed without our asking.
  func look(at id: ClientOrderID, _ sight: Lane.Sight, of pair: Int) async {
    guard let order = sent[pair][id], !order.isOver else { return }
    do throws(ExchangeError) {
      guard let name = try await exchangeID(of: id, pair) else { return }
      if let filled = sight.filled, let status = sight.status {
        if filled > order.filled { try await readFills(of: id, named: name, upTo: filled, pair) }
        end(id, status, sight.reason, of: pair)
      } else if let found = try await exchange.order(name, .protective) {
        await take(found, id, of: pair)
      } else {
        report(id, .cancelled)
      }
    } catch {
      say(.trouble("\(pairs[pair].product.id): \(error)"))
    }
  }

  /// Tells the engine all that is new of an order.
  func take(_ found: ExchangeOrder, _ id: ClientOrderID, of pair: Int) async {
    guard let order = sent[pair][id] else { return }
    do throws(ExchangeError) {
      if found.filled > order.filled {
        try await readFills(of: id, named: found.id, upTo: found.filled, pair)
      }
      end(id, found.status, found.reason, of: pair)
    } catch {
      say(.trouble("\(pairs[pair].product.id): \(error)"))
    }
  }

  /// Reads the fills of an order until they add up to what the exchange says is filled.
  private func readFills(
    of id: ClientOrderID, named name: String, upTo filled: Quantity, _ pair: Int
  ) async throws(ExchangeError) {
    var pause = Duration.milliseconds(50)
    for _ in 0..<10 {
      for found in try await exchange.fills(ofOrder: name, .protective) {
        guard let fill = found.fill(of: id) else { continue }
        handleFill(fill)
      }
      if let order = sent[pair][id], order.filled >= filled { return }
      // The list of fills may come a moment after the order's figures.
      try? await Task.sleep(for: pause)
      pause = min(pause * 2, .seconds(1))
    }
    say(
      .trouble(
        "\(pairs[pair].product.id): order \(name) has \(filled) filled, and the exchange's list of "
          + "fills has not as much yet; it is read again at the next news of the order"))
  }

  private func end(
    _ id: ClientOrderID, _ status: ExchangeOrder.Status, _ reason: String, of pair: Int
  ) {
    guard sent[pair][id]?.isOver == false else { return }
    switch status {
    case .cancelled: report(id, .cancelled)
    case .expired: report(id, .expired)
    case .failed:
      report(id, .rejected(RefusalKind(reasons: [reason], words: reason).rejection))
    case .filled, .pending, .open, .queued, .cancelQueued, .editQueued, .unknown: break
    }
  }
}

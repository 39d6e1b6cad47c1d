import Execution
package import Market

/// How a session ends.
extension LiveSession {
  /// What is done with orders and positions when the session ends.
  package enum Farewell: String, Hashable, Sendable, CaseIterable {
    /// Nothing: stops stay, and so do entries, which nobody watches over then.
    case keep
    /// Entries are cancelled; positions keep their stops.
    case cancelEntries = "cancel-entries"
    /// Entries are cancelled and positions sold.
    case liquidate
  }

  /// Ends the session.
  ///
  /// First nothing that the market says is acted on any more, so that nothing new is begun: a stop that is
  /// cancelled for another must have its successor before anybody goes.
  ///
  /// - Parameters:
  ///   - farewell: What is done with orders and positions.
  ///   - offsets: How far below its last trade the position of each pair is offered; of no other use than
  ///     to liquidate.
  package func end(_ farewell: Farewell, offsets: [Rate] = []) async {
    precondition(
      farewell != .liquidate || offsets.count == pairs.count,
      "\(pairs.count) pairs are sold by their own offsets, were \(offsets.count)")
    stage = farewell == .liquidate ? .liquidating : .leaving
    // Whoever wants to go need not wait for candles.
    for close in lateCloses { close.cancel() }
    let begin = ContinuousClock.now
    await comeToRest()
    for pair in pairs.indices {
      let standing = machine.standing(of: pair)
      switch farewell {
      case .keep: continue
      case .cancelEntries: cancel(standing.entry, of: pair)
      case .liquidate:
        let product = pairs[pair].product
        if standing.held > .zero {
          let price = product.floorTick(standing.lastTrade, times: offsets[pair].complement)
          forceExit(pair: pair, at: max(price, product.quoteIncrement))
        } else {
          cancel(standing.entry, of: pair)
        }
      }
    }
    if farewell == .liquidate {
      await awaitFlat()
      stage = .leaving
    }
    await comeToRest()
    if farewell != .keep { await insistOnCancels(since: begin) }
    await hearOut()
  }

  /// Asks what has become of the orders that work.
  ///
  /// What the feed has not told of by now nobody hears: it may be away, or an order only just there. What an
  /// entry has bought by then needs its exit order before anybody goes.
  private func hearOut() async {
    guard failure == nil, stall == nil, !isPaper else { return }
    for pair in pairs.indices where lanes[pair].isIdle {
      let standing = machine.standing(of: pair)
      for case let managed? in [standing.entry, standing.exit] where managed.state.isAnswered {
        add(.look(managed.order.id, Lane.Sight()), to: pair)
      }
    }
    if !isSettled { await comeToRest() }
  }

  /// Asks again for the end of entries where the exchange has refused it; the market's clock does not any
  /// more.
  private func insistOnCancels(since begin: ContinuousClock.Instant) async {
    let end = ContinuousClock.now + settings.scaled(settings.patience)
    // What is bought meanwhile has its stop before anybody goes, but those before may have waited for one.
    let latest = max(
      end + settings.scaled(settings.patience), begin + settings.scaled(settings.farewellPatience))
    var backoff = Backoff.answer
    while failure == nil, ContinuousClock.now < end {
      let standing = pairs.indices.filter { machine.standing(of: $0).entry != nil }
      guard !standing.isEmpty else { return }
      await pause(&backoff)
      for pair in standing where machine.standing(of: pair).isEntryUnwanted {
        deliver(.clock(clock), to: pair)
      }
      await comeToRest(by: end, bareBy: latest)
    }
    for pair in pairs.indices {
      guard let entry = machine.standing(of: pair).entry else { continue }
      say(
        .alarm(
          "\(pairs[pair].product.id): the exchange has not ended the entry \(entry.order.id): what it "
            + "buys has no exit order until the next start. Cancel it by hand"))
    }
  }

  /// Whether nothing is on its way: neither to the exchange nor from it.
  private var isAtRest: Bool { handling == 0 && isSettled }

  /// Waits until nothing is on its way: for a position without its exit order longer than for others.
  ///
  /// One that was left so by the process before is waited for as well: the feed connects meanwhile, and the
  /// books are compared.
  ///
  /// - Parameters:
  ///   - last: When it goes at the latest; its patience from now if not given.
  ///   - latest: That where a position is without its exit order; its longer patience from now if not given.
  func comeToRest(
    by last: ContinuousClock.Instant? = nil, bareBy latest: ContinuousClock.Instant? = nil
  ) async {
    let begin = ContinuousClock.now
    let last = last ?? begin + settings.scaled(settings.patience)
    let latest = latest ?? begin + settings.scaled(settings.farewellPatience)
    var isTold = false
    while failure == nil {
      let bare = pairs.indices.filter { isBare($0) && !(lanes[$0].isIdle && isAbreast) }
      if isAtRest, bare.isEmpty { return }
      guard .now < (bare.isEmpty ? last : latest) else { return }
      if !bare.isEmpty, !isTold, .now - begin >= settings.scaled(.seconds(1)) {
        isTold = true
        let names = bare.map { pairs[$0].product.id }.joined(separator: ", ")
        say(
          .alarm(
            "\(names): the exit order is being replaced; the session ends when the exchange has it. A "
              + "second signal ends it at once"))
      }
      try? await Task.sleep(for: .milliseconds(5))
    }
  }

  /// Whether it knows what became of its orders while it was away; with simulated money they are its own.
  private var isAbreast: Bool { knowsBooks || isPaper }

  /// Whether something is held whose exit order is not known to work, or is about to be replaced.
  private func isBare(_ pair: Int) -> Bool {
    let standing = machine.standing(of: pair)
    return standing.held > .zero
      && (!isAtExchange(standing.exit) || standing.exit?.state == .cancelPending)
  }

  /// Waits until nothing is held any more, but no longer than its patience.
  private func awaitFlat() async {
    let end = ContinuousClock.now + settings.scaled(settings.farewellPatience)
    while ContinuousClock.now < end, failure == nil,
      pairs.indices.contains(where: { machine.standing(of: $0).held > .zero })
    {
      try? await Task.sleep(for: .milliseconds(50))
    }
  }
}

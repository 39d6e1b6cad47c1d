import Execution

/// What is to be done at the exchange, pair by pair.
extension LiveSession {
  /// Puts something at the end of a pair's lane.
  func add(_ work: Lane.Work, to pair: Int) {
    // A later look at the books is worth all that wait.
    if case .reconcile = work { lanes[pair].work.removeAll(where: \.isReconcile) }
    lanes[pair].work.append(work)
    guard !lanes[pair].isRunning else { return }
    lanes[pair].isRunning = true
    // Whoever waits for it may ask before it has had its first turn.
    lanes[pair].began = .now
    Task { await self.run(lane: pair) }
  }

  private func run(lane pair: Int) async {
    while !lanes[pair].work.isEmpty {
      let work = lanes[pair].work.removeFirst()
      lanes[pair].began = .now
      switch work {
      case .command(.submit(let order, let role)): await place(order, role, of: pair)
      case .command(.cancel(let id, let reason)): await cancel(id, reason, of: pair)
      case .look(let id, let sight): await look(at: id, sight, of: pair)
      case .twin(let name): await dealWithTwin(name, of: pair)
      case .reconcile(let working): await reconcile(working, of: pair)
      }
    }
    lanes[pair].isRunning = false
    for (_, continuation) in lanes[pair].waiting { continuation.resume() }
    lanes[pair].waiting = [:]
  }

  /// Waits until nothing is left to be done for a pair, but no longer than the session's patience.
  ///
  /// What has taken that long already is not waited for again: an exit that the exchange does not take, for
  /// an hour say, must not hold up the other pairs at each candle.
  ///
  /// - Returns: Whether nothing is.
  @discardableResult
  func settle(_ pair: Int) async -> Bool {
    guard !lanes[pair].isIdle else { return true }
    let patience = settings.scaled(settings.patience)
    let longest = ContinuousClock.now + patience
    while !lanes[pair].isIdle {
      let end = min(longest, lanes[pair].began + patience)
      guard .now < end else { return false }
      waits += 1
      let ticket = waits
      let alarm = Task {
        guard (try? await Task.sleep(until: end, clock: .continuous)) != nil else { return }
        self.giveUp(ticket, of: pair)
      }
      await withCheckedContinuation { lanes[pair].waiting[ticket] = $0 }
      alarm.cancel()
    }
    return true
  }

  private func giveUp(_ ticket: Int, of pair: Int) {
    lanes[pair].waiting.removeValue(forKey: ticket)?.resume()
  }

  /// Whether nothing is left to be done at the exchange.
  var isSettled: Bool { lateCloses.isEmpty && lanes.allSatisfy(\.isIdle) }

  /// Waits until nothing is left to be done at the exchange, for no pair longer than the session's patience.
  ///
  /// - Returns: Whether nothing is.
  @discardableResult
  package func settleAll() async -> Bool {
    var isIdle = true
    var slow: Set<Int> = []
    // A lane that was idle may have work again by the time the last one is.
    repeat {
      isIdle = lateCloses.isEmpty
      for close in lateCloses { await close.value }
      for pair in lanes.indices where !lanes[pair].isIdle && !slow.contains(pair) {
        if await settle(pair) { isIdle = false } else { slow.insert(pair) }
      }
    } while !isIdle
    return slow.isEmpty
  }
}

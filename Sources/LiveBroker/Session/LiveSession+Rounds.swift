import Execution
import Market
import Persistence

/// What a session does again and again.
extension LiveSession {
  /// Watches until its task is cancelled: operators, positions without exit orders, and the exchange's books.
  ///
  /// Each by itself: the exchange may take minutes to answer, or not answer at all, and that is when somebody
  /// has to be told, and may want to act.
  package func watch() async {
    await withDiscardingTaskGroup { group in
      group.addTask { while await self.isNextRound { await self.serveOperators() } }
      guard !isPaper else { return }
      group.addTask { while await self.isNextRound { await self.watchCover() } }
      group.addTask { await self.lookAtBooks() }
    }
  }

  /// Waits a moment: whether there is anything to be done then.
  private var isNextRound: Bool {
    get async {
      let rhythm = max(settings.scaled(.milliseconds(200)), .milliseconds(20))
      guard (try? await Task.sleep(for: rhythm)) != nil else { return false }
      return failure == nil && !isClosed
    }
  }

  /// Looks at the exchange's books every few minutes, and more often where no feed tells what happens; at the
  /// balances also behind each connection, and more often while they lack something.
  private func lookAtBooks() async {
    var (looked, compared) = (ContinuousClock.now, ContinuousClock.now)
    var listened = ContinuousClock.now
    var connections = 0
    while await isNextRound {
      if isListening, owesTrades.isEmpty { listened = .now }
      // What is missing may only have been late.
      let isLate =
        !short.isEmpty && .now - compared >= settings.scaled(settings.reconcileEvery / 10)
      if isListening, connections != counts.connections || isLate {
        connections = counts.connections
        let wereShort = short
        await lookAtBalances()
        compared = .now
        // What is there again is offered at once, not at the next look at the books.
        if !wereShort.isSubset(of: short) {
          await reconcile()
          looked = .now
        }
      }
      // Where no feed comes up nobody tells of fills, and what a killed process has not sent does not wait.
      // One that is about to come up has the books looked at as well.
      let isDeaf = isListening ? !owesTrades.isEmpty : handling == 0
      let rest = isDeaf ? min(settings.reconcileEvery, settings.patience) : settings.reconcileEvery
      guard .now - (isDeaf ? max(looked, listened) : looked) >= settings.scaled(rest) else {
        continue
      }
      await reconcile()
      looked = .now
    }
  }

  /// Pairs of which the account has less than the record, as far as is known.
  private var short: Set<Int> {
    Set(pairs.indices.filter { watchdog.reasons(of: $0).contains(.balance) })
  }
}

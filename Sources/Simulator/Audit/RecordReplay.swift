import Execution
import Market
import Persistence
import Strategy

/// What the record says of a pair's orders within a block, apart from what was traded.
struct PairEvidence: Sendable {
  /// A time in which something was held and no exit order was known to work.
  struct Gap: Hashable, Sendable {
    var from: Timestamp
    /// `nil` where it goes on.
    var to: Timestamp?
    /// Whether an exit order was taken out for another.
    var isReplacement: Bool
  }

  /// An order that the exchange refused.
  struct Refusal: Hashable, Sendable {
    var order: UInt64
    var why: Rejection
    var time: Timestamp
  }

  var gaps: [Gap] = []
  var refusals: [Refusal] = []
  /// Orders without an answer.
  var unanswered: [UInt64] = []
  /// Orders that were at work and ended without our asking.
  var endedUnasked: [UInt64] = []
  /// Fills as they were recorded.
  var fills: [Fill] = []
  /// Those of them that became known after a later trade.
  var lateFills: [Fill] = []
}

/// A record that is replayed block by block, and what its orders went through.
struct RecordReplay<S: TradingStrategy> {
  /// The state after the last step.
  private(set) var state: TradingState<S>
  /// What was found in the last block, by pair.
  private(set) var evidence: [PairEvidence] = []
  /// When each pair traded last.
  private var lastTrades: [Timestamp]
  /// The order of each pair's last report, where that was of a fill.
  private var lastFilled: [ClientOrderID?]
  private var outbox = Outbox()

  init(_ beginning: TradingState<S>) {
    state = beginning
    lastTrades = beginning.engines.map { _ in Timestamp(nanoseconds: .min) }
    lastFilled = beginning.engines.map { _ in nil }
  }

  /// Replays steps.
  ///
  /// - Parameters:
  ///   - steps: In their order.
  ///   - exchange: Puts another fill in the place of one.
  /// - Returns: What each pair traded.
  mutating func play(
    _ steps: ArraySlice<RecordedStep>, exchanging exchange: (Fill) -> Fill = { $0 }
  ) -> [TradeLog] {
    var logs = state.engines.map { _ in TradeLog() }
    let earlier = evidence
    evidence = state.engines.indices.map { pair in
      var evidence = PairEvidence()
      if let end = Self.bareness(of: state.engines[pair]) {
        // The one in whose place an order is still on its way may have been taken out in an earlier block.
        let open = earlier.isEmpty ? nil : earlier[pair].gaps.last { $0.to == nil }
        evidence.gaps.append(
          .init(
            from: open?.from ?? Timestamp(nanoseconds: 0), to: nil,
            isReplacement: end || open?.isReplacement ?? false))
      }
      return evidence
    }
    for step in steps {
      guard let pair = step.pair, var event = step.event else {
        state.portfolio.reset()
        continue
      }
      if case .trade(_, let time) = event { lastTrades[pair] = time }
      if case .report(let report) = event {
        if isEndedUnasked(report, of: pair) {
          evidence[pair].endedUnasked.append(report.order.number)
        }
        lastFilled[pair] = nil
      }
      if case .report(var report) = event, case .filled(let fill) = report.news {
        lastFilled[pair] = fill.order
        evidence[pair].fills.append(fill)
        if fill.time < lastTrades[pair] { evidence[pair].lateFills.append(fill) }
        report.news = .filled(exchange(fill))
        event = .report(report)
      }
      outbox.clear()
      state.handle(event, of: pair, into: &outbox)
      logs[pair].append(event, outbox)
      note(event, of: pair, at: step.time)
    }
    return logs
  }

  /// Whether a report is of the end of an order that was at work, and that nobody here has ended.
  private func isEndedUnasked(_ report: OrderReport, of pair: Int) -> Bool {
    let engine = state.engines[pair]
    guard
      let managed = [engine.entry, engine.exit].compactMap({ $0 })
        .first(where: { $0.order.id == report.order }),
      managed.state.isCancellable
    else { return false }
    switch report.news {
    // An exit of which less was sent than the engine asked for is over when that is filled.
    case .cancelled: return managed.role == .entry || lastFilled[pair] != report.order
    // The exchange may be the first to see that an entry's time is over.
    case .expired: return managed.role != .entry || report.time < engine.deadline
    case .accepted, .rejected, .filled, .cancelRefused, .unanswered: return false
    }
  }

  /// Whether a position has no exit order at work, and if so, whether one has just been taken out.
  private static func bareness(of engine: ExecutionEngine<S>) -> Bool? {
    guard engine.position.isOpen else { return nil }
    // What was taken out has its successor at once: without one, that was refused.
    guard let exit = engine.exit else { return false }
    switch exit.state {
    case .open, .partiallyFilled: return nil
    case .cancelPending: return true
    case .new, .pending, .unknown, .filled, .cancelled, .rejected, .expired: return false
    }
  }

  private mutating func note(_ event: Event, of pair: Int, at time: Timestamp) {
    if case .report(let report) = event {
      let number = report.order.number
      switch report.news {
      case .rejected(let why):
        evidence[pair].refusals.append(.init(order: number, why: why, time: report.time))
      case .unanswered: evidence[pair].unanswered.append(number)
      case .accepted, .filled, .cancelled, .cancelRefused, .expired: break
      }
    }
    let bareness = Self.bareness(of: state.engines[pair])
    let isBare = evidence[pair].gaps.last.map { $0.to == nil } ?? false
    if let isReplacement = bareness {
      if isBare {
        let last = evidence[pair].gaps.count - 1
        if isReplacement { evidence[pair].gaps[last].isReplacement = true }
      } else {
        evidence[pair].gaps.append(.init(from: time, to: nil, isReplacement: isReplacement))
      }
    } else if isBare {
      evidence[pair].gaps[evidence[pair].gaps.count - 1].to = time
    }
  }
}

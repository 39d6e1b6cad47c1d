import Execution
import Market
import Persistence
import Reporting

/// Why a pair's orders went another way in a block than the simulated market would have it.
struct BlockFinding: Sendable {
  /// The first cause that applies, apart from prices and fees.
  var cause: DifferenceCause
  var time: Timestamp
  var words: String

  init(_ cause: DifferenceCause, at time: Timestamp, _ words: String) {
    self.cause = cause
    self.time = time
    self.words = words
  }

  /// What nothing in the record explains.
  static func unknown(at time: Timestamp, _ difference: String) -> Self {
    Self(
      .unexplained, at: time,
      "orders went another way, and nothing in the record says why\(difference)")
  }

  /// Which of several pairs' findings names the step that they share: what nobody can explain must not
  /// go under in what others can, else it is the earliest.
  static func leading(_ findings: [(pair: Int, finding: Self)]) -> (pair: Int, finding: Self)? {
    findings.first { $0.finding.cause == .unexplained }
      ?? findings.min { $0.finding.time < $1.finding.time }
  }
}

/// What is known of a pair's block when it is asked why it differs.
struct BlockCase {
  let simulated: TradeLog
  let recorded: TradeLog
  let evidence: PairEvidence
  /// What the session lived through meanwhile, and the pair since it has been without an exit order.
  let incidents: [IncidentRow]
  /// Whether a process began to work on the record meanwhile.
  let isRestart: Bool
  /// Whether all of a candle in which something traded went by without the session.
  let isAway: Bool
  /// The prices that were traded; `nil` where a candle was not closed, and nobody can say how far they went.
  let range: ClosedRange<Price>?
  /// Those that the session saw; `nil` where it saw no trade.
  let seen: ClosedRange<Price>?
  /// Whether anything of the candle's volume could be had.
  let isLiquid: Bool
  /// Whether an operator has asked for something meanwhile.
  let isRequested: Bool
  let start: Timestamp
  /// When its last candle ends.
  let end: Timestamp
  /// Orders that were filled in part before.
  let partlyFilled: [UInt64]
  /// Whether the engines differ in what the exchange has said about orders alone.
  let isOrderNewsLate: Bool
  /// Whether the pair's next candle had begun before those of others were closed.
  let isAhead: Bool
  /// Whether a fill of the pair's own has another price or fee than the simulated market's.
  let hasOwnChange: Bool
  /// Whether the breaker has tripped in one of the two alone.
  let isTripOther: Bool

  /// The cause; `nil` where prices and fees are all that differs, or where the pair only followed from
  /// what others have done to the account.
  func finding() -> BlockFinding? {
    if simulated.entries == recorded.entries {
      // Then they differ in what prices they have seen, or what they have heard.
      return isOrderNewsLate ? newsOnTheirWay : fault() ?? lateNews() ?? ahead()
    }
    let trouble = bareness { $0.isReplacement } ?? fault() ?? bareness { _ in true }
    return trouble ?? quantities() ?? absence { $0.isReplacement } ?? times() ?? lateNews()
      ?? ahead() ?? absence { _ in true } ?? unknown()
  }

  /// Nothing says why, though something should: neither the pair's own prices and fees nor the account,
  /// which decides over entries and at the breaker over all, have led here.
  private func unknown() -> BlockFinding? {
    func others(_ log: TradeLog) -> [TradeLog.Entry] {
      log.entries.filter { entry in
        if case .submit(_, .entry) = entry { false } else { true }
      }
    }
    guard !hasOwnChange, !isTripOther, others(recorded) != others(simulated) else { return nil }
    let words = recorded.firstDifference(from: simulated).map { "; \($0)" } ?? ""
    return BlockFinding.unknown(at: start, words)
  }

  private var newsOnTheirWay: BlockFinding {
    if let gap = evidence.gaps.last, gap.to == nil, gap.isReplacement {
      return finding(of: gap, at: max(gap.from, start), "its replacement was on its way")
    }
    return BlockFinding(.latency, at: start, "news of orders were on their way at the candle's end")
  }

  private func lateNews() -> BlockFinding? {
    guard let fill = evidence.lateFills.first else { return nil }
    return BlockFinding(
      .latency, at: fill.time,
      "a fill of order \(fill.order.number) became known after the next trade")
  }

  private func ahead() -> BlockFinding? {
    guard isAhead else { return nil }
    return BlockFinding(
      .latency, at: start, "its next candle had begun before those of other pairs were closed")
  }

  /// The simulated market sold while the session had no exit order.
  private func bareness(where fits: (PairEvidence.Gap) -> Bool) -> BlockFinding? {
    let own = recorded.fills
    for fill in simulated.fills where fill.side == .sell {
      let hasSame = own.contains { $0.side == .sell && $0.time == fill.time }
      guard !hasSame,
        let gap = evidence.gaps.first(where: { gap in
          fits(gap) && gap.from < fill.time && gap.to.map { fill.time <= $0 } ?? true
        })
      else { continue }
      return finding(of: gap, at: fill.time, "the backtest's sold at \(fill.price)")
    }
    return nil
  }

  /// The fills are the same, and the simulated market moved an exit order that the session did not have.
  private func absence(where fits: (PairEvidence.Gap) -> Bool) -> BlockFinding? {
    guard recorded.fills == simulated.fills, let gap = evidence.gaps.first(where: fits) else {
      return nil
    }
    return finding(of: gap, at: max(gap.from, start), "the backtest's went another way meanwhile")
  }

  private func finding(
    of gap: PairEvidence.Gap, at time: Timestamp, _ words: String
  ) -> BlockFinding {
    let until = gap.to.map { "until \($0)" } ?? "to the candle's end"
    let since = gap.from.nanoseconds == 0 ? "" : " from \(gap.from)"
    return BlockFinding(
      gap.isReplacement ? .replaceWindow : .latency, at: time,
      "no exit order was at work\(since) \(until); \(words)")
  }

  private func fault() -> BlockFinding? {
    for refusal in evidence.refusals where refusal.why != .postOnlyWouldTake {
      return BlockFinding(
        .fault, at: refusal.time, "order \(refusal.order) was refused: \(refusal.why.rawValue)")
    }
    if let number = evidence.endedUnasked.first {
      return BlockFinding(
        .fault, at: start, "order \(number) was ended by the exchange or by hand")
    }
    for incident in incidents where incident.kind.isFault {
      return BlockFinding(.fault, at: incident.time, "\(incident.kind.rawValue): \(incident.words)")
    }
    if let number = evidence.unanswered.first {
      return BlockFinding(.fault, at: start, "nobody answered for order \(number)")
    }
    if isRestart || isAway { return BlockFinding(.fault, at: start, "the session was away") }
    return nil
  }

  /// Another share of an order was filled, or at another time.
  private func quantities() -> BlockFinding? {
    let (ours, theirs) = (byOrder(recorded.fills), byOrder(simulated.fills))
    for number in Set(ours.keys).union(theirs.keys).sorted() {
      let (own, other) = (ours[number] ?? [], theirs[number] ?? [])
      let (filled, expected) = (sum(own), sum(other))
      if let range,
        let odd = own.first(where: { fill in
          start...end ~= fill.time && !isReached(fill, within: range)
            && !other.contains { $0.time == fill.time }
        })
      {
        return BlockFinding(
          .unexplained, at: odd.time,
          "order \(number) was filled at \(odd.price), where nothing traded")
      }
      if filled == expected, own.count == other.count,
        zip(own, other).allSatisfy({ $0.quantity == $1.quantity })
      {
        guard let (late, early) = zip(own, other).first(where: { $0.time != $1.time }) else {
          continue
        }
        return BlockFinding(
          .latency, at: late.time,
          "order \(number) was filled at \(late.time), in the backtest at \(early.time)")
      }
      let time = (own.first ?? other.first)?.time ?? start
      if let other = own.first(where: { $0.time < start || $0.time > end }) {
        return BlockFinding(
          .latency, at: other.time,
          "a fill of order \(number) became known \(other.time < start ? "after" : "before") its candle"
        )
      }
      if own.isEmpty, let first = other.first, !partlyFilled.contains(number), isLiquid {
        return BlockFinding(
          .latency, at: time,
          "order \(number) was not filled, the backtest's at \(first.time)")
      }
      if range == nil, let first = own.first(where: { !(seen?.contains($0.price) ?? false) }) {
        return BlockFinding(
          isRequested ? .operator : .data, at: first.time,
          "\(filled) of order \(number) were filled at \(first.price), after the last trade that the "
            + "session saw")
      }
      return BlockFinding(
        .partialFill, at: time,
        "\(filled) of order \(number) were filled\(parts(own)), in the backtest \(expected)"
          + parts(other))
    }
    return nil
  }

  private func parts(_ fills: [Fill]) -> String {
    fills.count > 1 ? " in \(fills.count) parts" : ""
  }

  /// Orders that were made or ended at other times.
  private func times() -> BlockFinding? {
    for (own, other) in zip(recorded.entries, simulated.entries) where own != other {
      switch (own, other) {
      case (.submit(let order, _), .submit(let twin, _)) where order.submitted != twin.submitted:
        return BlockFinding(
          .latency, at: order.submitted,
          "order \(order.id.number) was made at \(order.submitted), in the backtest at "
            + "\(twin.submitted)")
      case (.done(let number, _, let time), .done(_, _, let twin)) where time != twin:
        return BlockFinding(
          .latency, at: time,
          "order \(number) ended at \(time), in the backtest at \(twin)")
      default: continue
      }
    }
    // Made by the end of the candle in one of them alone. That one of another size was made is no news:
    // it follows from what the account has.
    let ours = Set(recorded.orders.map(\.order.id.number))
    let theirs = Set(simulated.orders.map(\.order.id.number))
    if let number = ours.symmetricDifference(theirs).min(), recorded.fills.isEmpty,
      simulated.fills.isEmpty
    {
      return BlockFinding(
        .latency, at: start,
        "order \(number) was \(ours.contains(number) ? "" : "not ")made by the candle's end")
    }
    return nil
  }

  /// Whether the market was where it could fill this.
  private func isReached(_ fill: Fill, within range: ClosedRange<Price>?) -> Bool {
    guard let range else { return false }
    return fill.side == .buy ? fill.price >= range.lowerBound : fill.price <= range.upperBound
  }

  private func byOrder(_ fills: [Fill]) -> [UInt64: [Fill]] {
    Dictionary(grouping: fills) { $0.order.number }
  }

  private func sum(_ fills: [Fill]) -> Quantity { fills.reduce(.zero) { $0 + $1.quantity } }
}

extension IncidentRow.Kind {
  /// Whether it may have kept orders from going the backtest's way.
  var isFault: Bool {
    switch self {
    case .reconnected, .staleFeed, .feedGap, .clockSkew, .lostAnswer, .refused, .limited,
      .balanceDiffers, .halted, .naked, .orphan, .missedFill, .storeFailed:
      true
    case .candleDiffers, .resumed, .covered: false
    }
  }
}

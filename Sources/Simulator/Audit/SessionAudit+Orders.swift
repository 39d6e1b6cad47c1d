import Execution
import Market
import Matching
import Persistence
import Reporting
import Strategy

/// From what the simulated market would have made of a block's orders to what the exchange did.
extension SessionAudit {
  /// A fill of the record that is not the simulated market's, and what that would have made of it.
  private struct FillChange {
    /// The fill of the simulated market, where its price or side of the book is another.
    var twin: Fill?
    /// The fee of the tier, where the fill's own is another.
    var fee: Money?
  }

  /// Adopts the record's orders and fills: first all but prices and fees, then prices, then fees.
  ///
  /// - Throws: `BacktestError`.
  mutating func followOrders(
    _ block: AuditBlock, _ recorded: [TradeLog], from before: RecordReplay<S>
  ) throws {
    let close = next(after: block)
    if current.isWhere(replay.state, recorded) { return }
    let changes = fillChanges(recorded)
    let hasFees = changes.values.contains { $0.fee != nil }
    let (pair, found) = finding(block, recorded, from: before, changes)
    let unknown = BlockFinding.unknown(at: block.start, firstDifference(recorded))
    let (priceFinding, pricePair) = priceFinding(changes)
    let feeFinding = feeFinding(changes)
    var ways: [(finding: BlockFinding, pair: Int?, keepsPrices: Bool, keepsFees: Bool)] = []
    if let priceFinding {
      ways.append((found ?? priceFinding, found == nil ? pricePair : pair, false, !hasFees))
      ways.append((priceFinding, pricePair, true, !hasFees))
    } else {
      ways.append((found ?? (hasFees ? feeFinding : unknown), pair, true, !hasFees))
    }
    if hasFees { ways.append((feeFinding, nil, true, true)) }
    for way in ways {
      var copy = before
      let logs = copy.play(steps[block.steps]) { fill in
        var fill = fill
        let change = changes[FillName(fill)]
        if !way.keepsPrices, let twin = change?.twin {
          (fill.price, fill.liquidity) = (twin.price, twin.liquidity)
          fill.fee = tierFee(of: fill, pair: Int(fill.order.pair))
        } else if !way.keepsFees, let fee = change?.fee {
          fill.fee = fee
        }
        return fill
      }
      if current.isWhere(copy.state, logs) { continue }
      var run = Run(goingOnFrom: copy.state, models, at: close)
      for pair in run.pairs.indices { run.pairs[pair].loop.journal = logs[pair] }
      try go(on: run, from: close, way.finding, of: way.pair)
    }
  }

  /// A fill of the record.
  private struct FillName: Hashable {
    var order: ClientOrderID
    var id: UInt64

    init(_ fill: Fill) { (order, id) = (fill.order, fill.id) }
  }

  private func tierFee(of fill: Fill, pair: Int) -> Money {
    let model = models[pair]
    return fill.notional.fee(at: fill.liquidity == .maker ? model.makerRate : model.takerRate)
  }

  /// Prices that are not those of the simulated market's fills of the same orders at the same times, and
  /// fees that are not the tier's.
  private func fillChanges(_ recorded: [TradeLog]) -> [FillName: FillChange] {
    var changes: [FillName: FillChange] = [:]
    for pair in products.indices {
      var twins = Dictionary(
        grouping: current.pairs[pair].loop.journal.fills, by: \.order.number)
      for fill in replay.evidence[pair].fills {
        var change = FillChange()
        if var left = twins[fill.order.number], !left.isEmpty {
          let twin = left.removeFirst()
          twins[fill.order.number] = left
          if twin.time == fill.time, (twin.price, twin.liquidity) != (fill.price, fill.liquidity) {
            change.twin = twin
          }
        }
        let fee = tierFee(of: fill, pair: pair)
        if fill.fee != fee { change.fee = fee }
        if change.twin != nil || change.fee != nil { changes[FillName(fill)] = change }
      }
    }
    return changes
  }

  /// What fills at other prices are told as; `nil` where there are none.
  private func priceFinding(_ changes: [FillName: FillChange]) -> (BlockFinding?, pair: Int?) {
    var first: (time: Timestamp, pair: Int)?
    var words: [String] = []
    for pair in products.indices {
      for fill in replay.evidence[pair].fills {
        guard let twin = changes[FillName(fill)]?.twin else { continue }
        if first.map({ fill.time < $0.time }) ?? true { first = (fill.time, pair) }
        let other =
          twin.price == fill.price
          ? "as \(fill.liquidity.rawValue) in place of \(twin.liquidity.rawValue)"
          : "at \(fill.price) in place of \(twin.price)"
        words.append("\(products[pair].id): order \(fill.order.number) was filled \(other)")
      }
    }
    guard let first else { return (nil, nil) }
    return (BlockFinding(.price, at: first.time, words.joined(separator: "; ")), first.pair)
  }

  /// What other fees are told as; those that are off by less than a hundred-millionth were rounded
  /// otherwise.
  private func feeFinding(_ changes: [FillName: FillChange]) -> BlockFinding {
    let least = Money(steps: 10_000_000_000)
    var finding = BlockFinding(.rounding, at: account.time, "")
    var words: [String] = []
    for pair in products.indices {
      for fill in replay.evidence[pair].fills {
        guard let fee = changes[FillName(fill)]?.fee else { continue }
        let off = fill.fee - fee
        if max(off, -off) >= least { finding.cause = .fee }
        finding.time = min(finding.time, fill.time)
        words.append(
          "\(products[pair].id): order \(fill.order.number) paid \(fill.fee), by the tier \(fee)")
      }
    }
    finding.words = words.joined(separator: "; ")
    return finding
  }

  /// The first thing that a pair's orders were kept from going the backtest's way by.
  private func finding(
    _ block: AuditBlock, _ recorded: [TradeLog], from before: RecordReplay<S>,
    _ changes: [FillName: FillChange]
  ) -> (pair: Int?, BlockFinding?) {
    let first =
      steps.indices.contains(block.steps.lowerBound) ? steps[block.steps.lowerBound].seq : 0
    let last = block.steps.isEmpty ? first : steps[block.steps.upperBound - 1].seq
    var findings: [(pair: Int, finding: BlockFinding)] = []
    for pair in products.indices {
      let engine = current.pairs[pair].loop.engine
      let own = replay.state.engines[pair]
      let isSame =
        current.pairs[pair].loop.journal.entries == recorded[pair].entries && engine.isWhere(own)
      if isSame { continue }
      let question = BlockCase(
        simulated: current.pairs[pair].loop.journal, recorded: recorded[pair],
        evidence: replay.evidence[pair],
        incidents: incidents(of: pair, from: first, to: last),
        isRestart: starts.contains { $0 > 0 && $0 + 1 >= first && $0 <= last },
        isAway: isAway(block, pair), range: block.range(of: pair),
        seen: block.seenRange(of: pair), isLiquid: isLiquid(block, pair),
        isRequested: steps[block.steps].contains { $0.isRequested && $0.pair == pair },
        start: block.start, end: end(of: block),
        partlyFilled: [before.state.engines[pair].entry, before.state.engines[pair].exit]
          .compactMap { $0 }.filter { $0.filled > .zero }.map(\.order.id.number),
        isOrderNewsLate: engine.exit?.state != own.exit?.state
          || engine.entry?.state != own.entry?.state,
        isAhead: isAhead(block, pair),
        hasOwnChange: changes.keys.contains { Int($0.order.pair) == pair },
        isTripOther: current.portfolio.isTripped != replay.state.portfolio.isTripped)
      if let finding = question.finding() { findings.append((pair, finding)) }
    }
    guard let leader = BlockFinding.leading(findings) else { return (nil, nil) }
    var finding = leader.finding
    for other in findings where other.pair != leader.pair {
      finding.words +=
        "; \(products[other.pair].id), \(other.finding.cause.title): "
        + other.finding.words
    }
    return (leader.pair, finding)
  }

  /// What the session lived through between two events, and a pair since it has been without an exit
  /// order: a first stop may be refused in one candle and be missed in the next.
  private func incidents(of pair: Int, from first: Int64, to last: Int64) -> [IncidentRow] {
    let bare = replay.evidence[pair].gaps.first { $0.from.nanoseconds > 0 }?.from
    return incidents.filter { incident in
      guard incident.seq <= last, incident.pair ?? pair == pair else { return false }
      if incident.seq + 1 >= first { return true }
      return incident.pair == pair && bare.map { incident.time >= $0 } ?? false
    }
  }

  /// When a block is over; its last one, when the record is.
  private func end(of block: AuditBlock) -> Timestamp {
    guard block.isTail else { return next(after: block) }
    return steps[block.steps].reduce(next(after: block)) { max($0, $1.time) }
  }

  /// Whether the session was away for all of a candle.
  private func isAway(_ block: AuditBlock, _ pair: Int) -> Bool {
    block.rounds.contains { round in
      round.recorded[pair].map { market.isUnseen($0, of: pair) } ?? false
    }
  }

  /// Whether the model's share of the candle is anything at all.
  private func isLiquid(_ block: AuditBlock, _ pair: Int) -> Bool {
    block.rounds.compactMap { $0.seen(pair) }.allSatisfy { candle in
      products[pair].floorLot(candle.volume.portion(models[pair].participation)) > .zero
    }
  }

  /// Whether the record has trades of the pair between its close and the end of the block.
  private func isAhead(_ block: AuditBlock, _ pair: Int) -> Bool {
    var isClosed = false
    for step in steps[block.steps] where step.pair == pair {
      switch step.event {
      case .candleClosed(let candle): isClosed = candle.start >= block.last
      case .trade: if isClosed { return true }
      case .clock, .report, .enter, .forceExit, .cancelEntry, .liquidate, .decide, .halt, .resume,
        nil:
        break
      }
    }
    return false
  }

  /// The first thing that is not the simulated market's, in words.
  private func firstDifference(_ recorded: [TradeLog]) -> String {
    for pair in products.indices {
      if let words = recorded[pair].firstDifference(from: current.pairs[pair].loop.journal) {
        return "; \(products[pair].id): \(words)"
      }
    }
    return ""
  }
}

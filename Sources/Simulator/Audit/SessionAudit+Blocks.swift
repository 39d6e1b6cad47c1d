import Execution
import Market
import Matching
import Persistence
import Reporting
import Strategy

/// One block after the other: from what the backtest would have done to what the record did.
extension SessionAudit {
  /// Compares a block.
  ///
  /// - Throws: `BacktestError`.
  mutating func compare(_ block: AuditBlock) throws {
    let wasHalted = haltedPairs
    let before = replay
    let recorded = replay.play(steps[block.steps])
    current.beginBlock()
    let start = current
    for round in block.rounds { try current.play(round.files) }
    if !block.isOfFiles || !current.isWhere(replay.state, recorded) {
      try followData(block, from: start)
      let scripts = try followPath(block, from: start)
      try followWords(block, scripts, from: start, halted: wasHalted)
      try followOrders(block, recorded, from: before)
    }
    traded.take(recorded)
  }

  /// What came after the last candle that was closed.
  ///
  /// - Throws: `BacktestError`.
  mutating func compareTail() throws {
    guard let last = blocks.last else { return }
    let end = last.steps.upperBound..<steps.count
    guard !end.isEmpty else { return }
    let none: [Candle?] = products.map { _ in nil }
    var round = AuditRound(
      start: next(after: last), files: none, recorded: none, paths: products.map { _ in [] },
      open: none)
    market.addOpenCandles(to: &round, within: end)
    let tail = AuditBlock(rounds: [round], steps: end, isTail: true)
    let wasHalted = haltedPairs
    let before = replay
    let recorded = replay.play(steps[end])
    current.beginBlock()
    let start = current
    if !current.isWhere(replay.state, recorded) {
      let scripts = try followPath(tail, from: start)
      try followWords(tail, scripts, from: start, halted: wasHalted)
      try followOrders(tail, recorded, from: before)
    }
    traded.take(recorded)
  }

  /// Which pairs the record has halted, and whether an operator did.
  private var haltedPairs: [Bool] { replay.state.engines.map(\.isHalted) }

  func next(after block: AuditBlock) -> Timestamp {
    block.last + replay.state.engines[0].settings.interval
  }

  // MARK: - Data

  /// The session's candles in the place of the backtest's.
  private mutating func followData(_ block: AuditBlock, from start: Run) throws {
    guard !block.isOfFiles else { return }
    var run = start
    var words: [String] = []
    var whose: Set<Int> = []
    for round in block.rounds {
      try run.play(round.recorded)
      for pair in products.indices where round.files[pair] != round.recorded[pair] {
        whose.insert(pair)
        words.append(
          "\(products[pair].id): "
            + Self.words(for: round.recorded[pair], inPlaceOf: round.files[pair]))
      }
    }
    try go(
      on: run, from: next(after: block),
      BlockFinding(.data, at: block.start, words.joined(separator: "; ")),
      of: whose.count == 1 ? whose.first : nil)
    current = run
  }

  private static func words(for candle: Candle?, inPlaceOf other: Candle?) -> String {
    guard let candle else { return "the session has no candle here" }
    guard let other else { return "the backtest has no candle here" }
    let figures: [(String, String, String)] = [
      ("open", "\(candle.open)", "\(other.open)"), ("high", "\(candle.high)", "\(other.high)"),
      ("low", "\(candle.low)", "\(other.low)"), ("close", "\(candle.close)", "\(other.close)"),
      ("volume", "\(candle.volume)", "\(other.volume)"),
    ]
    return "the candle's "
      + figures.filter { $0.1 != $0.2 }.map { "\($0.0) was \($0.1), in the backtest's \($0.2)" }
      .joined(separator: ", ")
  }

  // MARK: - The path

  /// The trades that the session saw in the place of a candle's four points.
  ///
  /// - Returns: The block as scripts of them, one for each round.
  private mutating func followPath(
    _ block: AuditBlock, from start: Run
  ) throws -> [AuditScript] {
    var scripts = block.rounds.map { round in
      AuditScript(
        walks: products.indices.map { pair in
          round.seen(pair).map { candle in
            let points =
              round.paths[pair].isEmpty
              ? AuditScript.Walk.points(of: candle, in: start.pairs[pair]) : round.paths[pair]
            return AuditScript.Walk(
              candle: candle, items: points.map { .trade($0.price, $0.time) },
              isClosed: round.recorded[pair] != nil)
          }
        })
    }
    // The account's clock goes on where a pair has no candle, or one that is not closed any more.
    let (last, round) = (scripts.count - 1, block.rounds[block.rounds.count - 1])
    for index in block.steps {
      guard let pair = steps[index].pair, case .clock(let time) = steps[index].event else {
        continue
      }
      if let place = block.rounds.firstIndex(where: { time <= $0.start }) {
        scripts[place].before.append((pair, .clock(time)))
      } else if round.open[pair] != nil {
        insert(.clock(time), of: pair, at: index, into: &scripts[last], round)
      } else if round.recorded[pair] == nil {
        scripts[last].after.append((pair, .clock(time)))
      }
    }
    var run = start
    for script in scripts { try run.play(script) }
    if !run.isWhere(current) {
      let words =
        block.isTail || round.open.contains { $0 != nil }
        ? "the session went on after its last candle"
        : scripts.allSatisfy { $0.before.isEmpty && $0.after.isEmpty }
          ? "the session's trades came another way than the candle's four points"
          : "an entry's time was over while its pair had no candles"
      try go(
        on: run, from: next(after: block), BlockFinding(.data, at: block.start, words), of: nil)
    }
    current = run
    return scripts
  }

  // MARK: - Words of operators

  /// What operators did, and the halts of a session that was away or watched over itself.
  private mutating func followWords(
    _ block: AuditBlock, _ scripts: [AuditScript], from start: Run, halted: [Bool]
  ) throws {
    var scripts = scripts
    let requested =
      halted.contains(true) ? haltedByRequest(before: block.steps.lowerBound) : []
    for isRequested in [true, false] {
      var run = start
      var words: [String] = []
      for pair in products.indices where halted[pair] {
        guard requested.contains(pair) == isRequested || !isRequested else { continue }
        run.pairs[pair].loop.engine.isHalted = true
      }
      for index in block.steps {
        let step = steps[index]
        guard step.isRequested == isRequested else { continue }
        guard let pair = step.pair, let event = step.event else {
          if step.isRequested {
            scripts[0].resetsBreaker = true
            words.append("the breaker was reset")
          }
          continue
        }
        guard let said = Self.words(for: event) else { continue }
        words.append("\(products[pair].id): \(said)")
        let place =
          block.rounds.lastIndex { $0.start <= event.time ?? block.start } ?? 0
        insert(event, of: pair, at: index, into: &scripts[place], block.rounds[place])
      }
      for script in scripts { try run.play(script) }
      if !run.isWhere(current) {
        let fallback = isRequested ? "entries were halted" : "the session let nothing be entered"
        try go(
          on: run, from: next(after: block),
          BlockFinding(
            isRequested ? .operator : .fault, at: wordTime(block, isRequested),
            words.isEmpty ? fallback : words.joined(separator: "; ")), of: nil)
      }
      current = run
    }
  }

  private func wordTime(_ block: AuditBlock, _ isRequested: Bool) -> Timestamp {
    block.steps.lazy.map { steps[$0] }.first {
      $0.isRequested == isRequested && ($0.event.map { Self.words(for: $0) != nil } ?? true)
    }?.time ?? block.start
  }

  private static func words(for event: Event) -> String? {
    switch event {
    case .forceExit(let price, _): "sold at \(price) or better by request"
    case .cancelEntry(.requested, _): "the entry was cancelled by request"
    case .halt: "entries were halted"
    case .resume: "entries were allowed again"
    case .enter: "an entry was asked for"
    case .trade, .candleClosed, .clock, .report, .cancelEntry, .liquidate, .decide: nil
    }
  }

  /// The pairs whose entries an operator had stopped before a step, and nobody has let go on since.
  private func haltedByRequest(before step: Int) -> Set<Int> {
    var requested: Set<Int> = []
    var next = 0
    for step in steps[..<step] {
      if let pair = step.pair {
        if case .halt = step.event, step.isRequested { requested.insert(pair) }
        if case .resume = step.event { requested.remove(pair) }
      }
      // A pair that the session had halted itself has no event of the request.
      while next < halts.count, halts[next].event <= step.seq {
        let pair = halts[next].pair
        requested.formUnion(pair.map { [$0] } ?? Array(products.indices))
        next += 1
      }
    }
    return requested
  }

  /// Puts an event between the trades of a script, where it was in the record.
  private func insert(
    _ event: Event, of pair: Int, at step: Int, into script: inout AuditScript, _ round: AuditRound
  ) {
    guard var walk = script.walks[pair] else {
      script.before.append((pair, event))
      return
    }
    let points = round.paths[pair]
    let time = event.time ?? round.start
    let place =
      points.isEmpty
      ? walk.items.firstIndex { item in
        if case .trade(_, let point) = item { point >= time } else { false }
      }
      : walk.items.firstIndex { item in
        guard case .trade(let price, let point) = item else { return false }
        return points.contains {
          $0.time == point && $0.price == price && ($0.step ?? 0) > step
        }
      }
    walk.items.insert(.event(event), at: place ?? walk.items.endIndex)
    script.walks[pair] = walk
  }
}

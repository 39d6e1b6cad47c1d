import Execution
import Market
import Persistence

/// A trade of the record, on the way through a candle.
struct PathPoint: Hashable, Sendable {
  var price: Price
  var time: Timestamp
  /// The step of the record; `nil` for a point of SEMANTICS 6.1.
  var step: Int?
}

/// What starts at one time: each pair's candle.
struct AuditRound: Sendable {
  /// When the candles start.
  var start: Timestamp
  /// The backtest's candles, by pair.
  var files: [Candle?]
  /// The session's.
  var recorded: [Candle?]
  /// The session's trades, where they make the recorded candle; those of an open one in any case.
  var paths: [[PathPoint]]
  /// What the session saw of candles that it did not close any more.
  var open: [Candle?]

  /// A pair's candle, or what the session saw of it.
  func seen(_ pair: Int) -> Candle? { recorded[pair] ?? open[pair] }
}

/// A part of the record after which each pair has closed what the others have.
///
/// Mostly that is one candle of each. Where a pair's candle was closed late, after the next one of
/// another, those are one block.
struct AuditBlock: Sendable {
  /// What starts in it, oldest first; at least one.
  var rounds: [AuditRound]
  /// The steps of the record.
  var steps: Range<Int>
  /// Whether it is what came after the last candle that was closed.
  var isTail = false

  /// When the first candle starts.
  var start: Timestamp { rounds[0].start }
  /// When the last candle starts.
  var last: Timestamp { rounds[rounds.count - 1].start }
  /// Whether the session's candles are the backtest's.
  var isOfFiles: Bool { rounds.allSatisfy { $0.files == $0.recorded } }

  /// The least and the greatest price of a pair; `nil` where that is not known.
  func range(of pair: Int) -> ClosedRange<Price>? {
    // While a candle is open, nobody can say how far its price will go.
    guard rounds.allSatisfy({ $0.open[pair] == nil }) else { return nil }
    return Self.range(of: rounds.compactMap { $0.recorded[pair] })
  }

  /// Those that the session saw, also where the price may have gone further; `nil` where it saw none.
  func seenRange(of pair: Int) -> ClosedRange<Price>? {
    Self.range(of: rounds.compactMap { $0.seen(pair) })
  }

  private static func range(of candles: [Candle]) -> ClosedRange<Price>? {
    guard let low = candles.map(\.low).min(), let high = candles.map(\.high).max() else {
      return nil
    }
    return low...high
  }
}

/// The candles of a record, the trades within them, and where each block of it ends.
struct RecordedCandles {
  /// The candles of each pair, by their start.
  private(set) var candles: [[Timestamp: Candle]]
  /// The trades of each pair, by the start of their candle.
  private var trades: [[Timestamp: [PathPoint]]]
  /// How many steps there are up to the close of the candles that start at a time.
  private(set) var ends: [Timestamp: Int] = [:]
  /// The steps at which each pair's candles were closed, by their start.
  private var closeSteps: [[Timestamp: Int]]
  /// The steps at which candles were closed, each with the start of the latest one so far.
  private var closes: [(step: Int, latest: Timestamp)] = []
  private let intervals: [TimeSpan]

  /// Sorts the steps of a record.
  init(_ steps: [RecordedStep], intervals: [TimeSpan]) {
    self.intervals = intervals
    candles = intervals.map { _ in [:] }
    trades = candles.map { _ in [:] }
    closeSteps = candles.map { _ in [:] }
    for (index, step) in steps.enumerated() {
      guard let pair = step.pair, let event = step.event else { continue }
      switch event {
      case .trade(let price, let time):
        let start = start(of: time, pair)
        trades[pair][start, default: []].append(PathPoint(price: price, time: time, step: index))
      case .candleClosed(let candle):
        candles[pair][candle.start] = candle
        closeSteps[pair][candle.start] = index
        ends[candle.start] = index + 1
        closes.append((index, max(candle.start, closes.last?.latest ?? candle.start)))
      case .clock, .report, .enter, .forceExit, .cancelEntry, .liquidate, .decide, .halt, .resume:
        break
      }
    }
    for (start, end) in ends { ends[start] = Self.end(after: end, in: steps) }
    for pair in candles.indices { moveLateTrades(of: pair) }
  }

  /// The candle that a trade belongs to: one at the very end of a candle is its last (SEMANTICS 6.1),
  /// one at that time after the close the next one's first.
  private func start(of time: Timestamp, _ pair: Int) -> Timestamp {
    let interval = intervals[pair].nanoseconds
    let start = Timestamp(nanoseconds: time.nanoseconds / interval * interval)
    guard start == time, trades[pair][start] == nil else { return start }
    let before = start.advanced(by: intervals[pair], times: -1)
    return trades[pair][before] != nil && candles[pair][before] == nil ? before : start
  }

  /// Moves trades that were told between the end of their candle and its close to where they belong:
  /// the record has them at the time at which they were told.
  private mutating func moveLateTrades(of pair: Int) {
    for (start, candle) in candles[pair].sorted(by: { $0.key < $1.key }) {
      let next = start + intervals[pair]
      guard let close = closeSteps[pair][start], let behind = trades[pair][next] else { continue }
      let late = behind.prefix { ($0.step ?? close) < close }
      let own = trades[pair][start] ?? []
      // A close that waits for the exchange's candle is overtaken by trades of the next one.
      guard !Self.isWhole(own, candle), Self.isWhole(own + late, candle) else { continue }
      trades[pair][start] = own + late
      trades[pair][next] = Array(behind.dropFirst(late.count))
    }
  }

  /// What the close sent and what was said to it at once belongs to it: neither market nor operator.
  private static func end(after end: Int, in steps: [RecordedStep]) -> Int {
    var end = end
    while end < steps.count {
      switch steps[end].event {
      case .report(let report):
        switch report.news {
        case .accepted, .cancelled, .cancelRefused, .expired, .unanswered: break
        case .filled, .rejected: return end
        }
      case .liquidate, .decide, .cancelEntry(.breaker, _): break
      case .trade, .candleClosed, .clock, .enter, .forceExit, .cancelEntry, .halt, .resume, nil:
        return end
      }
      end += 1
    }
    return end
  }

  /// The trades of a candle, where they make it; none where some are missing.
  func path(of pair: Int, from start: Timestamp) -> [PathPoint] {
    guard let candle = candles[pair][start], let points = trades[pair][start],
      Self.isWhole(points, candle)
    else { return [] }
    return points
  }

  /// Whether trades make a candle.
  private static func isWhole(_ points: [PathPoint], _ candle: Candle) -> Bool {
    let prices = points.map(\.price)
    return prices.first == candle.open && prices.last == candle.close
      && prices.max() == candle.high && prices.min() == candle.low
  }

  /// Whether a session that is fed by trades has closed a candle of which it saw none: the exchange has
  /// told it afterwards what traded.
  func isUnseen(_ candle: Candle, of pair: Int) -> Bool {
    candle.volume > .zero && !trades[pair].isEmpty
      && (trades[pair][candle.start] ?? []).isEmpty
  }

  /// Adds to a round what traded within some steps, behind the last candle that each pair has closed.
  func addOpenCandles(to round: inout AuditRound, within steps: Range<Int>) {
    for pair in candles.indices where round.recorded[pair] == nil {
      let last = candles[pair].max { $0.key < $1.key }?.value
      let known = last?.start ?? Timestamp(nanoseconds: .min)
      let points = trades[pair].filter { $0.key > known }.sorted { $0.key < $1.key }
        .flatMap { $0.value }.filter { point in point.step.map { steps.contains($0) } ?? false }
      guard let first = points.first?.price, let close = points.last?.price else { continue }
      round.paths[pair] = points
      // Its volume is not known yet: as much as before is to be had.
      round.open[pair] = Candle(
        start: round.start, open: first, high: points.reduce(first) { max($0, $1.price) },
        low: points.reduce(first) { min($0, $1.price) }, close: close,
        volume: last?.volume ?? .zero)
    }
  }

  /// The blocks of a record and of the candles that it is compared with, oldest first.
  ///
  /// - Parameter files: The backtest's candles; `nil` for those of the record.
  /// - Returns: The blocks.
  func blocks(comparedWith files: [[Candle]]?) -> [AuditBlock] {
    guard let first = ends.keys.min(), let last = ends.keys.max() else { return [] }
    let files =
      files?.map { file in
        file.reduce(into: [Timestamp: Candle]()) { known, candle in
          if candle.start >= first, candle.start <= last { known[candle.start] = candle }
        }
      } ?? candles
    var blocks: [AuditBlock] = []
    var done = 0
    for start in Set(ends.keys).union(files.flatMap(\.keys)).sorted() {
      let round = AuditRound(
        start: start, files: files.map { $0[start] }, recorded: candles.map { $0[start] },
        paths: candles.indices.map { path(of: $0, from: start) },
        open: candles.map { _ in nil })
      if let last = blocks.indices.last, start <= latest(before: done) {
        blocks[last].rounds.append(round)
        done = max(ends[start] ?? done, done)
        blocks[last].steps = blocks[last].steps.lowerBound..<done
      } else {
        let end = max(ends[start] ?? done, done)
        blocks.append(AuditBlock(rounds: [round], steps: done..<end))
        done = end
      }
    }
    // A session that ends between the closes of one time has not closed the candles of all pairs.
    if let last = blocks.indices.last, let round = blocks[last].rounds.indices.last {
      let steps = blocks[last].steps
      addOpenCandles(to: &blocks[last].rounds[round], within: steps)
    }
    return blocks
  }

  /// The start of the latest candle that is closed before a step.
  private func latest(before step: Int) -> Timestamp {
    let place = closes.partitioningIndex { $0.step >= step }
    return place == 0 ? Timestamp(nanoseconds: .min) : closes[place - 1].latest
  }
}

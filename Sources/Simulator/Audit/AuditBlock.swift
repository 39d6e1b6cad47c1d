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
  /// The session's trades, where they make the recorded candle.
  var paths: [[PathPoint]]
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

  /// When the first candle starts.
  var start: Timestamp { rounds[0].start }
  /// When the last candle starts.
  var last: Timestamp { rounds[rounds.count - 1].start }
  /// Whether the session's candles are the backtest's.
  var isOfFiles: Bool { rounds.allSatisfy { $0.files == $0.recorded } }

  /// The least and the greatest price of a pair.
  func range(of pair: Int) -> ClosedRange<Price>? {
    let candles = rounds.compactMap { $0.recorded[pair] }
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
  /// The steps at which candles were closed, each with the start of the latest one so far.
  private var closes: [(step: Int, latest: Timestamp)] = []
  private let intervals: [TimeSpan]

  /// Sorts the steps of a record.
  init(_ steps: [RecordedStep], intervals: [TimeSpan]) {
    self.intervals = intervals
    candles = intervals.map { _ in [:] }
    trades = candles.map { _ in [:] }
    for (index, step) in steps.enumerated() {
      guard let pair = step.pair, let event = step.event else { continue }
      switch event {
      case .trade(let price, let time):
        let start = start(of: time, pair)
        trades[pair][start, default: []].append(PathPoint(price: price, time: time, step: index))
      case .candleClosed(let candle):
        candles[pair][candle.start] = candle
        ends[candle.start] = index + 1
        closes.append((index, max(candle.start, closes.last?.latest ?? candle.start)))
      case .clock, .report, .enter, .forceExit, .cancelEntry, .liquidate, .decide, .halt, .resume:
        break
      }
    }
    for (start, end) in ends { ends[start] = Self.end(after: end, in: steps) }
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
      let first = points.first, let last = points.last
    else { return [] }
    let prices = points.map(\.price)
    let isWhole =
      first.price == candle.open && last.price == candle.close
      && prices.max() == candle.high && prices.min() == candle.low
    return isWhole ? points : []
  }

  /// The trades of a candle that was not closed.
  func trades(of pair: Int, from start: Timestamp) -> [PathPoint] { trades[pair][start] ?? [] }

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
        paths: candles.indices.map { path(of: $0, from: start) })
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
    return blocks
  }

  /// The start of the latest candle that is closed before a step.
  private func latest(before step: Int) -> Timestamp {
    let place = closes.partitioningIndex { $0.step >= step }
    return place == 0 ? Timestamp(nanoseconds: .min) : closes[place - 1].latest
  }
}

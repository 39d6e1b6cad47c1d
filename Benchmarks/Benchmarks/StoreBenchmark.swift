import Execution
import Foundation
import Market
import Persistence
import Simulator
import Strategy

/// What durability costs: commits beside plain SQLite, a kept backtest beside one that is not, and how
/// long a store of a million events takes to open.
struct StoreBenchmark {
  let rounds: Int

  func run(_ report: inout Report) throws {
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "ratchet-store-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for (mode, commits) in [(Synchronous.full, 400), (.normal, 4000)] {
      try measure(mode, commits, in: folder, &report)
    }
    try opening(1_000_000, in: folder, &report)
    try backtest(in: folder, &report)
  }

  // MARK: - Commits

  private func measure(
    _ mode: Synchronous, _ count: Int, in folder: URL, _ report: inout Report
  ) throws {
    report.heading(
      "store: commits with synchronous \(mode.rawValue), \(count) each, \(rounds) rounds",
      unit: "µs", extra: ["commits/s", "fsync µs"])
    var plain: [Double] = []
    var ours: [Double] = []
    var syncs: [Double] = []
    for round in 0..<rounds {
      let path = folder.appending(path: "plain-\(mode.rawValue)-\(round).db").path()
      let words = try Tool.run(
        Tool.path("reference-store"), [path, mode.rawValue, "\(count)"]
      ).split(whereSeparator: \.isWhitespace).compactMap { Double($0) }
      guard words.count == 2 else { throw UsageError("reference-store printed \(words)") }
      plain.append(1e6 / words[0])
      syncs.append(words[1] * 1e6)
      let own = folder.appending(path: "own-\(mode.rawValue)-\(round).db").path()
      ours.append(try microseconds(of: count, at: own, mode))
    }
    let reference = Measurement(name: "C: plain sqlite3", rounds: plain, allocations: 0)
    let measured = Measurement(name: "StoreWriter", rounds: ours, allocations: 0)
    for one in [reference, measured] {
      let rate = 1e6 / one.median
      report.add(
        Figure(
          suite: "store", group: "commits \(mode.rawValue)", name: one.name, unit: "µs",
          rounds: rounds, minimum: one.minimum, median: one.median,
          ratio: one.ratio(to: reference),
          extra: ["commitsPerSecond": rate, "fsync": syncs.median]),
        extra: [String(format: "%.0f", rate), String(format: "%.0f", syncs.median)])
    }
  }

  /// The time of a commit that holds an event, its order, the end of the one before, and the account.
  private func microseconds(of count: Int, at path: String, _ mode: Synchronous) throws -> Double {
    let store = try Store.openOrCreate(
      at: Store.Location(path: path, synchronous: mode), run: Self.run, pairs: [Self.pair])
    let writer = try StoreWriter(store, rhythm: .eachChange, replaying: false)
    var outbox = Outbox()
    var last: ClientOrderID?
    let start = ContinuousClock.now
    for number in 1...UInt64(count) {
      let time = Timestamp(seconds: 1_704_067_200 + 300 * Int64(number))
      let order = Order(
        id: ClientOrderID(session: 0, pair: 0, number: number), side: .buy,
        limit: Price(steps: 4_512_350_000_000), quantity: Quantity(steps: 1_243_494),
        submitted: time)
      outbox.clear()
      // The order before is over, so that as few work as in a session.
      if let last {
        outbox.notes.append(.orderDone(last, .cancelled, because: .expiry, time: time))
      }
      last = order.id
      outbox.commands.append(.submit(order, role: .entry))
      try writer.record(.candleClosed(Self.candle(at: time)), outbox, of: 0)
    }
    let (seconds, attoseconds) = (ContinuousClock.now - start).components
    return (Double(seconds) * 1e6 + Double(attoseconds) / 1e12) / Double(count)
  }

  // MARK: - Opening

  private func opening(_ count: Int, in folder: URL, _ report: inout Report) throws {
    report.heading(
      "store: opening one of \(count) events, the last snapshot 10,000 events ago", unit: "ms",
      extra: ["events"])
    let path = folder.appending(path: "large.db").path()
    let location = Store.Location(path: path, synchronous: .off)
    var settings = EngineSettings(product: Product(), positionSize: .zero, takerRate: .zero)
    settings.session = 0
    let strategy = try ConfluenceStrategy(
      Parameters(ConfluenceStrategy.parameters),
      exit: RatchetExit(Parameters(RatchetExit.parameters)))
    let beginning = TradingState(
      engines: [ExecutionEngine(strategy: strategy, settings: settings)],
      portfolio: Portfolio(cash: 10_000))
    var state = beginning
    do {
      let store = try Store.openOrCreate(at: location, run: Self.run, pairs: [Self.pair])
      let writer = try StoreWriter(store, rhythm: .whenAsked, replaying: false)
      try writer.snapshot(StateText.encode(state))
      var outbox = Outbox()
      for number in 0..<count {
        let time = Timestamp(seconds: 1_704_067_200 + 300 * Int64(number / 10))
        outbox.clear()
        let event: Event =
          number % 10 == 9
          ? .candleClosed(Self.candle(at: time))
          : .trade(
            price: Price(steps: 4_500_000_000_000 + Int64(number % 977) * 1_000_000), time: time)
        state.handle(event, of: 0, into: &outbox)
        try writer.record(event, outbox, of: 0)
        if number == count - 10_000 { try writer.snapshot(StateText.encode(state)) }
      }
      try writer.commit()
    }
    var times: [Double] = []
    for _ in 0..<rounds {
      let start = ContinuousClock.now
      let store = try Store.open(at: location)
      let recovered = try store.recover(from: beginning)
      _ = try StoreWriter(store, rhythm: .eachChange, replaying: false)
      let (seconds, attoseconds) = (ContinuousClock.now - start).components
      times.append(Double(seconds) * 1e3 + Double(attoseconds) / 1e15)
      guard try StateText.encode(recovered) == StateText.encode(state) else {
        throw UsageError("the store gave another state back")
      }
    }
    let measured = Measurement(name: "open, recover, go on", rounds: times, allocations: 0)
    report.add(
      Figure(
        suite: "store", group: "opening", name: measured.name, unit: "ms", rounds: rounds,
        minimum: measured.minimum, median: measured.median, ratio: 1,
        extra: ["events": Double(count)]),
      extra: ["\(count)"])
  }

  // MARK: - A backtest

  private func backtest(in folder: URL, _ report: inout Report) throws {
    let file = try SyntheticFile(count: 105_120)
    let runner = try Tool.path("runner")
    report.heading(
      "store: a backtest of a year, \(rounds) rounds, whole processes", unit: "ms",
      extra: ["CPU min", "peak MB"])
    var alone: [ProcessTime] = []
    var kept: [ProcessTime] = []
    for round in 0..<rounds {
      alone.append(try ProcessTime(of: [runner, "backtest", "--csv", file.path]))
      let database = folder.appending(path: "backtest-\(round).db").path()
      kept.append(
        try ProcessTime(of: [runner, "backtest", "--csv", file.path, "--db", database]))
    }
    let reference = Measurement(name: "backtest", rounds: alone.map(\.wall), allocations: 0)
    for (name, times) in [("backtest", alone), ("backtest --db", kept)] {
      let measured = Measurement(name: name, rounds: times.map(\.wall), allocations: 0)
      let processor = times.map(\.processor).min() ?? .nan
      let peak = times.map(\.peak).max() ?? .nan
      report.add(
        Figure(
          suite: "store", group: "backtest", name: name, unit: "ms", rounds: rounds,
          minimum: measured.minimum, median: measured.median, ratio: measured.ratio(to: reference),
          extra: ["minimumProcessor": processor, "peakMegabytes": peak]),
        extra: [String(format: "%.1f", processor), String(format: "%.1f", peak)])
    }
  }

  // MARK: - Parts

  private static let run = RunRow(
    kind: .paper, session: 0, strategy: "confluence", manifest: "{}", keeping: .all, cash: 10_000)

  private static let pair = PairRow(
    product: "BTC-USD", group: nil, quoteIncrement: Price(steps: 1_000_000),
    baseIncrement: Quantity(steps: 1), interval: TimeSpan(seconds: 300), positionSize: .zero)

  private static func candle(at time: Timestamp) -> Candle {
    Candle(
      start: time, open: Price(steps: 4_500_050_000_000), high: Price(steps: 4_520_025_000_000),
      low: Price(steps: 4_490_000_000_000), close: Price(steps: 4_512_350_000_000),
      volume: Quantity(steps: 1_250_000_000))
  }
}

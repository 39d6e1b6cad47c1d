import Execution
import Market
import Network
import Persistence
import Sandbox
import Strategy
import Synchronization
import TestKit
import Testing

@testable import LiveBroker

@Suite("What closed while nobody listened", .timeLimit(.minutes(10)))
struct CatchUpTests {
  /// A candle's end as the record has it, and whose candle it is.
  private struct Close: Hashable {
    let pair: Int
    let time: Timestamp
  }

  private static let length = TimeSpan(seconds: 300)

  /// The candles of a record, in its order.
  private static func closes(in database: String) throws -> [Close] {
    var closes: [Close] = []
    let connection = try Connection(path: database, mode: .readOnly)
    try connection.prepare(
      "SELECT pair, time FROM events WHERE body LIKE 'candle %' ORDER BY seq"
    ).forEachRow { row in
      closes.append(Close(pair: try row.value(at: 0), time: try row.value(at: 1)))
    }
    return closes
  }

  /// Candles at one price, each behind the other.
  private static func flat(_ price: Price, from start: Timestamp, count: Int) -> [Candle] {
    (0..<count).map { place in
      Candle(
        start: start.advanced(by: length, times: place), open: price, high: price, low: price,
        close: price, volume: 1)
    }
  }

  /// Advanced Trade's answer to whoever asks for candles.
  private static func list(_ candles: [Candle]) -> String {
    let items = candles.map { candle in
      """
      {"start":"\(candle.start.seconds)","low":"\(candle.low)","high":"\(candle.high)",\
      "open":"\(candle.open)","close":"\(candle.close)","volume":"\(candle.volume)"}
      """
    }
    return #"{"candles":[\#(items.joined(separator: ","))]}"#
  }

  @Test(
    "Is seen in the order of time, whichever pair it is of and whose question is answered first",
    arguments: [nil, "BTC-USD", "ETH-USD"])
  func order(slow product: String?) async throws {
    var stage = try SessionStage(seed: 5, count: 60, pairs: 3)
    var restart = FaultRule(.restart)
    restart.at = [TimeSpan(seconds: 2 * 3600)]
    restart.span = TimeSpan(seconds: 1800)...TimeSpan(seconds: 1800)
    stage.faults.rules = [restart]
    _ = try await stage.rehearse { _, request in
      product.map { request.path.contains("\($0)/candles") } ?? false ? .slow : .passes
    } afterwards: { [stage] _, heard in
      let closes = try Self.closes(in: heard.database)
      let connection = try Connection(path: heard.database, mode: .readOnly)
      let halts: Int? = try connection.prepare("SELECT count(*) FROM events WHERE body = 'halt'")
        .first { try $0.value(at: 0) }
      #expect(halts == 3, "each pair was brought up once")
      let candles = stage.candles.enumerated().flatMap { pair, candles in
        candles.map { Close(pair: pair, time: $0.start + Self.length) }
      }
      let sorted = candles.sorted { ($0.time, $0.pair) < ($1.time, $1.pair) }
      // The last ones change nothing and are not written yet.
      #expect(closes.count > 150)
      let isInOrder = closes == Array(sorted.prefix(closes.count))
      #expect(isInOrder)
    }
  }

  @Test func `candles of one pair that cannot be had keep no other pair's market away`()
    async throws
  {
    let stage = try SessionStage(seed: 5, count: 40, pairs: 2)
    let isOver = Mutex(false)
    _ = try await stage.rehearse { _, request in
      isOver.withLock { $0 } && request.path.contains("ETH-USD/candles")
        ? .says(#"{"candles":7}"#) : .passes
    } afterwards: { session, heard in
      isOver.withLock { $0 = true }
      await session.feedEnded()
      let later = await session.clock + TimeSpan(seconds: 3600)
      try await session.startupReconcile(at: later)
      #expect(await session.isListening)
      #expect(heard.trouble.contains { $0.contains("ETH-USD") && $0.contains("next close") })
    }
  }

  @Test func `is asked for also where it was in progress at the warm-up`() async throws {
    var stage = try SessionStage(seed: 5, count: 40)
    let first = try #require(stage.candles[0].first)
    let history = Self.flat(
      first.open, from: first.start.advanced(by: Self.length, times: -3), count: 3)
    let isWarm = Gate()
    let asked = Tally()
    stage.beforehand = { session, _ in
      // In the middle of the last one, which the exchange lists as far as it has come.
      let middle = first.start.advanced(by: TimeSpan(seconds: 150), times: -1)
      try await session.startupReconcile(at: middle)
      #expect(await session.lastClose(of: 0) == history[2].start)
      // It is over when there is a feed again.
      await session.feedEnded()
      isWarm.open()
    }
    _ = try await stage.rehearse { _, request in
      guard request.path.hasSuffix("/candles") else { return .passes }
      guard isWarm.isOpen else { return .says(Self.list(history)) }
      return asked.add() == 1 ? .says(Self.list([history[2]])) : .passes
    } afterwards: { [stage] session, heard in
      await session.keepState(isLast: true)
      let ends = ([history[2]] + stage.candles[0]).map { $0.start + Self.length }
      let closes = try Self.closes(in: heard.database)
      #expect(closes.map(\.time) == ends)
    }
  }

  @Test func `is seen as far as the exchange lists it, and the last candle is ours then`()
    async throws
  {
    var stage = try SessionStage(seed: 5, count: 40)
    stage.timeScale = 50
    let answer = Mutex<String?>(nil)
    let (_, trouble) = try await stage.rehearse { _, request in
      guard request.path.hasSuffix("/candles"), let text = answer.withLock({ $0 }) else {
        return .passes
      }
      return .says(text)
    } afterwards: { session, heard in
      let start = try #require(await session.lastClose(of: 0))
      let candles = Self.flat(await session.standing(of: 0).lastTrade, from: start, count: 4)
      answer.withLock { $0 = Self.list(Array(candles.dropLast())) }
      // With holes in their numbers: one trade makes the last candle, the next one ends it.
      for seconds in [10, 310] as [Int64] {
        await session.onTrade(
          FeedTrade(
            productID: "BTC-USD", id: 1 << 40 + UInt64(seconds), price: candles[3].close, size: 1,
            makerSide: .sell, time: candles[3].start + TimeSpan(seconds: seconds)))
      }
      await session.settleAll()
      await session.keepState(isLast: true)
      let closes = try Self.closes(in: heard.database)
      #expect(closes.suffix(4).map(\.time) == candles.map { $0.start + Self.length })
      // Ours took the place of the one that is not there.
      #expect(await session.unchecked[0] == candles[3])
    }
    #expect(trouble.contains { $0.contains("the exchange has none; ours is used as it is") })
  }

  @Test(
    "Makes no entries whatever else is in order again, and leaves an operator's halt as it is",
    arguments: [false, true])
  func halts(byOperator: Bool) async throws {
    let stage = try SessionStage(seed: 5, count: 40)
    let isOver = Mutex(false)
    let gate = Gate()
    _ = try await stage.rehearse { _, request in
      isOver.withLock { $0 } && request.method == .post ? .held(gate) : .passes
    } afterwards: { session, heard in
      isOver.withLock { $0 = true }
      let catchingUp = try await session.catchUpBehindAnOrder()
      await session.hold(.clock, "off", pair: 0)
      await session.release(.clock)
      #expect(await session.standing(of: 0).isHalted)
      var serving: Task<Void, Never>?
      if byOperator {
        let desk = try RequestDesk(at: Store.Location(path: heard.database))
        _ = try desk.make(.halt(pair: 0), at: await session.clock)
        serving = Task { await session.serveOperators() }
        while await !session.isHaltedByOperator(0) { try await Task.sleep(for: .milliseconds(2)) }
      }
      gate.open()
      await catchingUp.value
      await serving?.value
      #expect(await session.standing(of: 0).isHalted == byOperator)
    }
  }
}

extension LiveSession {
  /// Begins to go through a candle that closed while nobody listened; it waits for an order's answer.
  fileprivate func catchUpBehindAnOrder() async throws -> Task<Void, Never> {
    let price = standing(of: 0).lastTrade
    submitEntry(
      pair: 0, EntrySignal(reference: Price(steps: price.steps / 200 * 100), timeToLive: 100))
    let start = try #require(lastClose(of: 0))
    let candle = Candle(
      start: start, open: price, high: price, low: price, close: price, volume: quantity("1"))
    let task = Task { await catchUp([(0, candle)]) }
    while !watchdog.reasons(of: 0).contains(.past) { await Task.yield() }
    return task
  }
}

import Execution
import Market
import Persistence
import Sandbox
import Strategy
import Synchronization
import TestKit
import Testing

@testable import LiveBroker

/// From what the exchange does to what is held, and back: no test here tells the session to hold anything.
@Suite("What the exchange does and entries wait for", .timeLimit(.minutes(10)))
struct WatchdogFeedTests {
  private static let length = TimeSpan(seconds: 300)

  /// Entries that were halted or let go on: when, and why.
  private struct Turn: Hashable {
    let kind: IncidentRow.Kind
    let words: String
    let time: Timestamp

    /// Those of a record, in its order.
    static func all(_ heard: Heard) throws -> [Turn] {
      try heard.incidents().filter { [.halted, .resumed].contains($0.kind) }.map {
        Turn(kind: $0.kind, words: $0.words, time: $0.time)
      }
    }
  }

  /// Has the session buy below the market: nothing comes of it while entries wait.
  ///
  /// - Returns: Whether there is an entry now.
  private static func enters(_ session: LiveSession) async -> Bool {
    let price = await session.standing(of: 0).lastTrade
    await session.submitEntry(
      pair: 0,
      EntrySignal(reference: Price(steps: price.steps / 200 * 100), timeToLive: 100))
    await session.settleAll()
    return await session.standing(of: 0).entry != nil
  }

  // MARK: - Candles

  /// The exchange has traded more in these candles than anybody was told of.
  private static func forgery(of candles: some Sequence<Candle>) -> FeedDoor.Habits {
    let marks = candles.map { #""start":"\#($0.start.seconds)""# }
    var habits = FeedDoor.Habits()
    habits.forgery = { message in
      guard message.contains(#""channel":"candles""#) else { return nil }
      var text = message
      for mark in marks {
        guard let start = text.firstRange(of: mark)?.upperBound,
          let place = text[start...].firstRange(of: #""volume":""#)?.upperBound
        else { continue }
        text.insert("9", at: place)
      }
      return text
    }
    return habits
  }

  @Test func `a candle that is not the exchange's holds entries, and one that is lets them go on`()
    async throws
  {
    var stage = try SessionStage(seed: 6, count: 40)
    let candles = stage.candles[0]
    stage.feed = Self.forgery(of: candles[20...22])
    let (_, trouble) = try await stage.rehearse(afterwards: { session, heard in
      await session.keepState(isLast: true)
      let differing = try heard.incidents().filter { $0.kind == .candleDiffers }
      #expect(differing.count == 3 && differing.allSatisfy { $0.words.contains("volume") })
      let turns = try Turn.all(heard)
      #expect(turns.map(\.kind) == [.halted, .resumed])
      #expect(turns.first?.words.hasPrefix("candles: a candle is not the exchange's") == true)
      #expect(turns.last?.words == "candles is in order again")
      // A candle is compared when the next one has begun.
      #expect(
        turns.map { $0.time.nanoseconds / Self.length.nanoseconds }
          == [21, 24].map {
            candles[$0].start.nanoseconds / Self.length.nanoseconds
          })
      #expect(await Self.enters(session))
    })
    let words =
      "no entries for now: a candle is not the exchange's; entries go on behind one that is"
    let advice = "'runner resume' overrules it until it is found again"
    #expect(trouble.count { $0 == "BTC-USD: \(words). \(advice)" } == 1)
  }

  @Test func `while candles differ there are no entries`() async throws {
    var stage = try SessionStage(seed: 6, count: 40)
    stage.feed = Self.forgery(of: stage.candles[0].suffix(10))
    _ = try await stage.rehearse(afterwards: { session, _ in
      #expect(await session.watchdog.reasons(of: 0) == [.candles])
      #expect(await session.standing(of: 0).isHalted)
      #expect(await !Self.enters(session))
    })
  }

  // MARK: - The clock

  @Test func `a clock that is off at a reconnection holds entries until one at which it is not`()
    async throws
  {
    var stage = try SessionStage(seed: 6, count: 40)
    stage.maxClockSkew = TimeSpan(seconds: 5)
    @Sendable func minutes(_ count: Int64) -> TimeSpan { TimeSpan(seconds: count * 60) }
    // Far enough for entries to wait, and not for a signature to be refused.
    var skew = FaultRule(.clockSkew)
    (skew.at, skew.span) = ([minutes(60)], minutes(60)...minutes(60))
    skew.skew = TimeSpan(seconds: 20)...TimeSpan(seconds: 20)
    var restart = FaultRule(.restart)
    (restart.at, restart.seen) = ([minutes(75), minutes(150)], 0...0)
    restart.span = minutes(5)...minutes(5)
    stage.faults.rules = [skew, restart]
    let start = stage.candles[0][0].start
    let (_, trouble) = try await stage.rehearse(afterwards: { session, heard in
      await session.keepState(isLast: true)
      #expect(try heard.incidents().contains { $0.kind == .clockSkew })
      // Nothing else held them. Whether the clock or the connection is said to be in order again, the one
      // that goes last, is left open.
      let turns = try Turn.all(heard)
      #expect(turns.map(\.kind) == [.halted, .resumed])
      #expect(turns.first?.words.hasPrefix("clock: this machine's clock is") == true)
      let times = turns.map { $0.time - start }
      #expect(times.count == 2 && times[0] < minutes(120) && times[1] >= minutes(150))
      #expect(await Self.enters(session))
    })
    #expect(trouble.contains { $0.contains("no entries for now: this machine's clock is") })
  }

  @Test func `a clock that is off when the books are compared holds entries until it is not`()
    async throws
  {
    var stage = try SessionStage(seed: 6, count: 40)
    let ahead = Mutex(TimeSpan(seconds: 0))
    stage.ahead = { ahead.withLock { $0 } }
    _ = try await stage.rehearse(afterwards: { session, _ in
      for side in [-1, 1] as [Int64] {
        ahead.withLock { $0 = TimeSpan(seconds: side * 45) }
        await session.reconcile()
        #expect(await session.watchdog.reasons(of: 0) == [.clock])
        #expect(await session.standing(of: 0).isHalted)
        #expect(await !Self.enters(session))
        ahead.withLock { $0 = TimeSpan(seconds: 0) }
        // An answer that is long in coming says little, and changes nothing.
        while await session.watchdog.reasons(of: 0) != [] { await session.reconcile() }
      }
      #expect(await Self.enters(session))
    })
  }

  // MARK: - The feed

  /// What is told of a feed that cannot be trusted; entries go on when it has been connected anew.
  private static func checkFeed(
    _ heard: Heard, _ kind: IncidentRow.Kind, _ words: String
  ) throws {
    let incidents = try heard.incidents()
    #expect(incidents.contains { $0.kind == kind && $0.words.contains(words) })
    let turns = try Turn.all(heard)
    let place = try #require(
      turns.firstIndex { $0.words.hasPrefix("feed: ") && $0.words.contains(words) }, "\(turns)")
    #expect(turns[place].kind == .halted)
    // Which of its reasons is said to be in order again, the one that goes last, is left open.
    #expect(turns.dropFirst(place + 1).first?.kind == .resumed, "\(turns)")
    #expect(incidents.contains { $0.kind == .reconnected })
    #expect(heard.trouble.contains { $0.contains("no entries for now: ") && $0.contains(words) })
  }

  @Test func `a gap in the feed's numbers holds entries until it is connected anew`() async throws {
    var stage = try SessionStage(seed: 6, count: 40)
    var gap = FaultRule(.sequenceGap, most: 1)
    gap.channels = [.trades]
    stage.faults.rules = [gap]
    _ = try await stage.rehearse(afterwards: { session, heard in
      await session.keepState(isLast: true)
      try Self.checkFeed(heard, .feedGap, "does not follow the one before")
      #expect(await Self.enters(session))
    })
  }

  @Test func `a silent feed holds entries until it is connected anew`() async throws {
    var stage = try SessionStage(seed: 6, count: 40)
    (stage.staleAfter, stage.timeScale) = (.seconds(20), 20)
    var silence = FaultRule(.socketSilent, most: 1)
    silence.channels = [.trades]
    stage.faults.rules = [silence]
    // That of the session is over first.
    stage.faults.patience = TimeSpan(seconds: 500)
    _ = try await stage.rehearse(afterwards: { session, heard in
      await session.keepState(isLast: true)
      try Self.checkFeed(heard, .staleFeed, "the feed has been silent for 20")
    })
  }

  @Test func `a feed that stays away holds entries until there is one`() async throws {
    var stage = try SessionStage(seed: 6, count: 40)
    (stage.staleAfter, stage.timeScale) = (.seconds(5), 5)
    let isLost = Mutex(false)
    let knocks = Tally()
    let mark = #""start":"\#(stage.candles[0][20].start.seconds)""#
    var habits = FeedDoor.Habits()
    habits.breaks = { message in
      isLost.withLock { isLost in
        guard !isLost, message.contains(mark) else { return false }
        isLost = true
        return true
      }
    }
    // Between so many attempts it pauses for longer than it lets a feed be away.
    habits.isShut = { isLost.withLock { $0 } && knocks.add() <= 6 }
    stage.feed = habits
    let began = stage.candles[0][10].start
    _ = try await stage.rehearse(afterwards: { session, heard in
      await session.keepState(isLast: true)
      try Self.checkFeed(heard, .staleFeed, "there has been no feed for 5")
      // It is told once until there is one. A busy machine may lose that again, and may be so late with its
      // first that this is told before, which no reconnection ends.
      let isTold = { (row: IncidentRow) in row.words.hasPrefix("there has been no feed") }
      let away = try heard.incidents().drop { !isTold($0) || $0.time < began }
        .prefix { $0.kind != .reconnected }
      #expect(away.count(where: isTold) == 1)
    })
  }
}

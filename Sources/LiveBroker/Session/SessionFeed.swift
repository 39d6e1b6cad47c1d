import Locking
import Market
package import Network
import Persistence

/// Feeds a session from an exchange's WebSocket, and connects anew where that breaks.
package struct SessionFeed: Sendable {
  private let session: LiveSession
  private let address: WebAddress
  private let sockets: WebSocketClient
  private let client: ExchangeClient
  private let pairs: [SessionPair]
  private let isPublic: Bool
  private let tell: @Sendable (SessionNews) -> Void

  /// A feed of a session.
  ///
  /// - Parameters:
  ///   - session: Whom it feeds.
  ///   - address: Of the WebSocket.
  ///   - sockets: Connects.
  ///   - client: Signs.
  ///   - pairs: Whose products.
  ///   - isPublic: Whether nothing of ours is asked for: with simulated money.
  ///   - tell: Hears of connections that break.
  package init(
    of session: LiveSession, at address: WebAddress, over sockets: WebSocketClient,
    _ client: ExchangeClient, _ pairs: [SessionPair], isPublic: Bool = false,
    tell: @escaping @Sendable (SessionNews) -> Void
  ) {
    self.session = session
    self.address = address
    self.sockets = sockets
    self.client = client
    self.pairs = pairs
    self.isPublic = isPublic
    self.tell = tell
  }

  /// Feeds until its task is cancelled or the session cannot go on.
  package func run() async {
    var backoff = Backoff()
    var absence = Absence(longest: session.settings.staleAfter.map(session.settings.scaled))
    // Nothing hangs on the exchange's candles: a feed that was refused is asked for without them next.
    var wasRefused = false
    while !Task.isCancelled, await session.failure == nil {
      do {
        let feed = try await FeedConnection.open(address, over: sockets, client)
        let silence = Silence()
        let alarm = Task { await watch(silence, of: feed) }
        defer { alarm.cancel() }
        do {
          try await begin(feed, silence, hasCandles: !wasRefused)
          wasRefused = false
          try await read(feed, silence, &backoff, &absence)
          await session.feedEnded()
          await feed.close()
        } catch {
          await session.feedEnded()
          await feed.close()
          throw error
        }
        guard !Task.isCancelled else { return }
        let reason = feed.closing.map { $0.reason.isEmpty ? "\($0.code)" : $0.reason.plainLine() }
        tell(.trouble("the feed was closed (\(reason ?? "no reason")); it is connected anew"))
      } catch {
        guard !Task.isCancelled else { return }
        if error is FeedGap || error is LostTrades {
          await session.distrustFeed(.feedGap, "\(error)")
        }
        wasRefused = error is FeedRefusal
        tell(.trouble("\(error); the feed is connected anew"))
      }
      if absence.isTooLong() {
        await session.distrustFeed(
          .staleFeed, "there has been no feed for \(session.settings.staleAfter ?? .zero)",
          isNews: absence.isNews())
      }
      await session.pause(&backoff)
    }
  }

  /// Closes a feed that has been silent for too long: one that died without a word looks like a quiet one.
  private func watch(_ silence: Silence, of feed: FeedConnection) async {
    guard let longest = session.settings.staleAfter else { return }
    let limit = session.settings.scaled(longest)
    while (try? await Task.sleep(for: limit / 4)) != nil {
      guard silence.isLonger(than: limit) else { continue }
      await session.distrustFeed(.staleFeed, "the feed has been silent for \(longest)")
      feed.abort()
      return
    }
  }

  private func begin(
    _ feed: FeedConnection, _ silence: Silence, hasCandles: Bool
  ) async throws {
    let products = pairs.map(\.product.id)
    // The exchange pushes candles of five minutes and no others.
    let hasCandles = hasCandles && pairs.allSatisfy { $0.interval == TimeSpan(seconds: 300) }
    try await feed.subscribe(toLifeOf: products, isPublic: isPublic, hasCandles: hasCandles)
    let (now, early) = try await firstTime(feed, silence)
    try await session.startupReconcile(at: now)
    // Nobody would let go of a hold for a candle that differed.
    if !hasCandles { await session.release(.candles) }
    // What came before was known to the exchange then; that it ended is news for the session now.
    for message in early { await session.take(message) }
    try await feed.subscribe(toTradesOf: products)
  }

  /// The exchange's time as its first sign of life tells it, and what came with it.
  ///
  /// That of a moment at which no candle is a moment old: its last trades may still be on their way to the
  /// exchange's own candles.
  private func firstTime(
    _ feed: FeedConnection, _ silence: Silence
  ) async throws -> (time: Timestamp?, messages: [FeedMessage]) {
    var early: [FeedMessage] = []
    while let input = try await next(feed, silence) {
      switch input {
      case .ping(let payload): try await feed.answer(payload)
      case .message(let message):
        early.append(message)
        guard let time = message.time, message.isSignOfLife else { continue }
        if !pairs.contains(where: { isYoung($0.interval, at: time) }) { return (time, early) }
      }
    }
    return (nil, early)
  }

  private func next(
    _ feed: FeedConnection, _ silence: Silence
  ) async throws -> FeedConnection.Input? {
    silence.begin()
    defer { silence.end() }
    return try await feed.next()
  }

  /// A feed that has lasted so long works, though nothing trades.
  private static let proof = Duration.seconds(60)

  /// Whether a candle of this length has ended a moment ago.
  private func isYoung(_ interval: TimeSpan, at time: Timestamp) -> Bool {
    time.nanoseconds % interval.nanoseconds < session.settings.candleGrace.nanoseconds
  }

  private func read(
    _ feed: FeedConnection, _ silence: Silence, _ backoff: inout Backoff, _ absence: inout Absence
  ) async throws {
    try await withThrowingDiscardingTaskGroup { group in
      defer { group.cancelAll() }
      let began = ContinuousClock.now
      while let input = try await next(feed, silence) {
        switch input {
        case .message(let message):
          // Not before: the exchange may refuse to tell of trades, behind much that came meanwhile.
          if message.hasTrades || .now - began > Self.proof {
            backoff.succeed()
            absence.end()
          }
          guard await session.take(message) else { return }
          if !message.hasTrades, let doubt = await session.doubtOfFeed { throw doubt }
        case .ping(let payload):
          // Answered when all before it is dealt with, its orders included; what comes behind need not
          // wait for that.
          if await session.isSettled {
            try await feed.answer(payload)
          } else {
            group.addTask {
              await session.settleAll()
              try await feed.answer(payload)
            }
          }
        }
      }
    }
  }
}

/// Since when there is no feed that tells of trades.
struct Absence {
  /// What is too long; `nil` where nothing is.
  let longest: Duration?
  private var began: ContinuousClock.Instant? = .now
  private var isTold = false

  /// There is none from now on.
  init(longest: Duration?) { self.longest = longest }

  /// There is one.
  mutating func end() { began = nil }

  /// Whether there has been none for too long; asked whenever one is lost.
  mutating func isTooLong(at time: ContinuousClock.Instant = .now) -> Bool {
    guard let began else {
      (self.began, isTold) = (time, false)
      return false
    }
    return longest.map { time - began > $0 } ?? false
  }

  /// Whether that is to be said: once.
  mutating func isNews() -> Bool {
    defer { isTold = true }
    return !isTold
  }
}

/// How long the feed has been waited for.
///
/// While what it told is dealt with nobody waits, however long that takes: the silence would be ours.
final class Silence: Sendable {
  private let began = Locked<ContinuousClock.Instant?>(nil)

  /// The next message is waited for from now on.
  func begin() { began.withLock { $0 = .now } }

  /// It is there.
  func end() { began.withLock { $0 = nil } }

  func isLonger(than limit: Duration) -> Bool {
    began.withLock { began in began.map { .now - $0 > limit } ?? false }
  }
}

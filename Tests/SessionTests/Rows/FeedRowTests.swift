import Credentials
import LiveBroker
import Market
import Sandbox
import TestKit
import Testing

/// Rows of coinbase.md C about candles and WebSockets.
@Suite("What others hit: candles and feeds", .timeLimit(.minutes(10)))
struct FeedRowTests {
  @Test(
    "C14 buckets without trades are gaps, and pages cover what one may not",
    arguments: [KeyKind.ed25519, .hmac])
  func candles(key: KeyKind) async throws {
    try await RowStage.run(key) { stage in
      let interval = TimeSpan(seconds: 300)
      // More than a page may hold: it is asked for in several.
      let candles = try await stage.exchange.candles(
        of: "BTC-USD", from: .testStart + interval * -700, to: .testStart + interval * 700,
        interval: interval)
      #expect(candles.map(\.start) == RowStage.candles.map(\.start))
      #expect(candles.map(\.close) == RowStage.candles.map(\.close))
    }
  }

  @Test(
    "C15 a feed that breaks, falls silent or jumps is connected anew, and nothing is lost",
    arguments: [FaultKind.socketDropped, .socketSilent, .sequenceGap],
    [FeedTopic.heartbeats, .trades, .user])
  func feed(kind: FaultKind, channel: FeedTopic) async throws {
    var stage = try SessionStage(seed: 6, count: 150)
    var rule = FaultRule(kind, chance: rate(channel == .trades ? "0.01" : "0.1"), most: 6)
    rule.channels = [channel]
    stage.faults.rules = [rule]
    // A silent socket is closed after this: here nobody waits for the session's own patience.
    stage.faults.patience = TimeSpan(seconds: 1)
    let (fills, trouble) = try await stage.rehearse()
    #expect(try fills == stage.backtest() && !fills.isEmpty)
    #expect(trouble.contains { $0.contains("connected anew") }, "\(trouble)")
  }
}

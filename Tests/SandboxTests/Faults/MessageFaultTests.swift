import LiveBroker
import Market
import Network
import TestKit
import Testing

@testable import Sandbox

@Suite("Faults on the way of messages", .timeLimit(.minutes(10)))
struct MessageFaultTests {
  private static let candles = [
    Candle(0, open: "100", high: "110", low: "90", close: "95", volume: "1000"),
    Candle(1, open: "96", high: "120", low: "80", close: "119", volume: "1000"),
  ]
  /// Every point of them.
  private static let points: [Price] = [100, 90, 110, 95, 96, 80, 120, 119]

  private func run(
    _ rules: [FaultRule], away: ClosedRange<Int> = 0...0, _ body: (Rehearsal) async throws -> Void
  ) async throws {
    var settings = SandboxSettings(listings: [Listing(Product(id: "BTC-USD"), model: .free)])
    settings.faults.rules = rules
    settings.faults.away = away
    settings.faults.patience = TimeSpan(seconds: 1)
    try await Rehearsal.run(settings, [Self.candles], body)
  }

  /// What one client hears of the whole market.
  private func heard(_ rule: FaultRule) async throws -> [Heard] {
    var rule = rule
    rule.channels = [.trades]
    rule.most = 1
    var heard: [Heard] = []
    try await run([rule]) { rehearsal in
      let feed = try await rehearsal.feed()
      try await feed.subscribe(.marketTrades, ["BTC-USD"])
      async let all = feed.hear()
      try await rehearsal.sandbox.play()
      await feed.socket.close()
      heard = await all
      #expect(
        await rehearsal.sandbox.faultLog.counts
          == [rule.kind: rule.kind == .messageDropped ? rule.messages.lowerBound : 1])
    }
    return heard.filter { !$0.prices.isEmpty }
  }

  private func steps(_ heard: [Heard]) -> [Int] {
    zip(heard, heard.dropFirst()).map { Int($1.sequence) - Int($0.sequence) }
  }

  @Test func `messages do not arrive, and the numbers show it`() async throws {
    var rule = FaultRule(.messageDropped)
    rule.messages = 2...2
    rule.chance = .one
    let heard = try await heard(rule)
    // The first two, before which there was the answer to the subscription.
    #expect(heard.flatMap(\.prices) == Array(Self.points.dropFirst(2)))
    #expect(heard.first?.sequence == 4 && steps(heard).allSatisfy { $0 == 1 })
  }

  @Test func `messages do not arrive, and only the trades' own numbers show it`() async throws {
    var rule = FaultRule(.messageDropped)
    rule.isHidden = true
    let heard = try await heard(rule)
    #expect(heard.flatMap(\.prices) == Array(Self.points.dropFirst()))
    #expect(heard.first?.sequence == 2 && steps(heard).allSatisfy { $0 == 1 })
  }

  @Test func `a message comes twice`() async throws {
    let heard = try await heard(FaultRule(.messageRepeated))
    #expect(heard.flatMap(\.prices) == [100] + Self.points)
    #expect(steps(heard) == [0, 1, 1, 1, 1, 1, 1, 1])
  }

  @Test func `a message is overtaken`() async throws {
    var rule = FaultRule(.messageReordered)
    rule.messages = 2...2
    let heard = try await heard(rule)
    #expect(heard.flatMap(\.prices) == [90, 110, 100] + Self.points.dropFirst(3))
    #expect(steps(heard) == [1, -2, 3, 1, 1, 1, 1])
  }

  @Test func `the numbers jump though nothing is missing`() async throws {
    var rule = FaultRule(.sequenceGap)
    rule.messages = 3...3
    let heard = try await heard(rule)
    #expect(heard.flatMap(\.prices) == Self.points && heard.first?.sequence == 5)
  }

  @Test func `a message waits, and all behind it, while the market goes on`() async throws {
    var rule = FaultRule(.messageDelayed)
    rule.delay = .seconds(150, 150)
    let late = try await heard(rule)
    #expect(late.flatMap(\.prices) == Self.points)
    // The market asked for a sign at 0 s and 100 s, with nothing to be heard.
    let first = late.prefix(3).map(\.pings)
    #expect(first[0] == first[2] && first[0] >= 3)
  }

  @Test(arguments: [0, 3])
  func `a socket breaks, and some of the market passes before somebody is back`(
    away: Int
  ) async throws {
    var rule = FaultRule(.socketDropped)
    rule.most = 1
    try await run([rule], away: away...away) { rehearsal in
      let first = try await rehearsal.feed()
      try await first.subscribe(.marketTrades, ["BTC-USD"])
      async let played: Void = rehearsal.sandbox.play()
      #expect(await first.hear().allSatisfy(\.prices.isEmpty))
      while await rehearsal.sandbox.exchange.markets[0].recent.count < away + 1 {
        await Task.yield()
      }
      let second = try await rehearsal.feed()
      try await second.subscribe(.marketTrades, ["BTC-USD"])
      async let rest = second.hear()
      try await played
      await second.socket.close()
      #expect(await rest.flatMap(\.prices) == Array(Self.points.dropFirst(away + 1)))
    }
  }

  @Test func `a socket falls silent, and is closed at last`() async throws {
    var rule = FaultRule(.socketSilent)
    rule.most = 1
    try await run([rule], away: 2...2) { rehearsal in
      let socket = try await rehearsal.sockets.connect(
        to: WebAddress(endpoint: rehearsal.sandbox.endpoint, target: "/"),
        settings: WebSocketSettings(silence: .seconds(500), showsPongs: true),
        timeout: .seconds(500))
      let feed = Feed(socket: socket, signer: rehearsal.signer)
      try await feed.subscribe(.marketTrades, ["BTC-USD"])
      async let played: Void = rehearsal.sandbox.play()
      while await rehearsal.sandbox.exchange.markets[0].recent.count < 3 { await Task.yield() }
      // The market has passed a little, and waits; on a busy machine not for so long.
      try? await socket.send(.ping([1, 2, 3]))
      var pongs = 0
      var texts = 0
      while let message = try? await socket.receive() {
        if case .pong = message { pongs += 1 }
        if case .text = message { texts += 1 }
      }
      // Two for the subscription: its answer and the snapshot.
      #expect(pongs == 0 && texts == 2)
      let second = try await rehearsal.feed()
      try await second.subscribe(.marketTrades, ["BTC-USD"])
      async let rest = second.hear()
      try await played
      await second.socket.close()
      #expect(await rest.flatMap(\.prices) == Array(Self.points.dropFirst(3)))
    }
  }
}

import Credentials
import Execution
import Market
import Network
import Simulator
import Synchronization
import TestKit
import Testing

@testable import LiveBroker

@Suite("A session whose requests and answers are lost", .timeLimit(.minutes(10)))
struct LostAnswerTests {
  @Test("has the backtest's fills where nothing is", arguments: [1, 3])
  func undisturbed(pairs: Int) async throws {
    let stage = try SessionStage(seed: 5, count: 500, pairs: pairs)
    let wanted = try stage.backtest()
    let (fills, trouble) = try await stage.rehearse()
    #expect(!wanted.isEmpty)
    #expect(fills == wanted)
    #expect(trouble.isEmpty)
  }

  @Test(
    "has them all the same",
    arguments: LossyDoor.Fate.allCases.filter { $0 != .passes }, ["POST", "GET"])
  func each(fate: LossyDoor.Fate, method: String) async throws {
    let stage = try SessionStage(seed: 6, count: 300)
    let wanted = try stage.backtest()
    #expect(!wanted.isEmpty)
    // The first requests are the start's; from then on every seventh of the kind.
    let struck = Tally()
    let (fills, _) = try await stage.rehearse { number, request in
      guard number > 12, number % 7 == 0, request.method.rawValue == method else { return .passes }
      struck.add()
      return fate
    }
    #expect(fills == wanted)
    #expect(struck.count > 0)
  }

  @Test("has the order of which the exchange says that it is there", arguments: [Side.buy, .sell])
  func duplicate(side: Side) async throws {
    let stage = try SessionStage(seed: 5, count: 40)
    let isOver = Mutex(false)
    let (sent, looks) = (Tally(), Tally())
    _ = try await stage.rehearse { _, request in
      guard isOver.withLock({ $0 }) else { return .passes }
      let body = String(decoding: request.body, as: UTF8.self)
      if request.method == .post, body.contains("\"\(side.rawValue.uppercased())\"") {
        return sent.add() == 1 ? .answerLost : .refused("DUPLICATE_CLIENT_ORDER_ID")
      }
      guard request.path.contains("/orders/historical/batch"), sent.count == 1, looks.add() == 1
      else { return .passes }
      // A list that is a moment old.
      return .says(#"{"orders":[],"has_next":false,"cursor":"","sequence":"0"}"#)
    } afterwards: { session, _ in
      isOver.withLock { $0 = true }
      try await session.buyAtOnce()
      await session.settleAll()
      let standing = await session.standing(of: 0)
      #expect(standing.exit?.state == .open && standing.exit?.order.quantity == standing.held)
    }
    #expect(sent.count == 2)
  }

  @Test func `has another stop where one has ended before the answer that names it`() async throws {
    var stage = try SessionStage(seed: 6, count: 60)
    // The Exchange's feed tells of a stop by its own name of it alone.
    stage.key = .hmac
    let isOver = Mutex(false)
    let stops = Tally()
    let gate = Gate()
    _ = try await stage.rehearse { _, request in
      let body = String(decoding: request.body, as: UTF8.self)
      guard isOver.withLock({ $0 }), request.method == .post, body.contains("stop_price") else {
        return .passes
      }
      return stops.add() == 1 ? .answerHeld(gate) : .passes
    } afterwards: { session, _ in
      isOver.withLock { $0 = true }
      try await session.buyAtOnce()
      let first = try await Self.workingSale(session)
      #expect(await session.standing(of: 0).exit?.state == .pending)
      // By hand, or by the exchange.
      _ = try await session.exchange.cancel(first.id, product: "BTC-USD")
      while await !session.ends.contains(first.id) {
        try await Task.sleep(for: .milliseconds(2))
      }
      gate.open()
      await session.settleAll()
      let stop = try #require(await session.standing(of: 0).exit)
      #expect(stop.state == .open && stop.order.id != first.ownID)
      let working = try await session.exchange.workingOrders(ofProducts: ["BTC-USD"])
      #expect(working.map(\.ownID) == [stop.order.id])
    }
    #expect(stops.count == 2)
  }

  /// Waits until the exchange has an order that sells.
  private static func workingSale(_ session: LiveSession) async throws -> ExchangeOrder {
    while true {
      let working = try await session.exchange.workingOrders(ofProducts: ["BTC-USD"])
      if let sale = working.first(where: { $0.side == .sell }) { return sale }
      try await Task.sleep(for: .milliseconds(2))
    }
  }

  @Test("has them whatever is lost", arguments: Seeds.few)
  func random(seed: UInt64) async throws {
    let stage = try SessionStage(seed: 6, count: 250)
    let wanted = try stage.backtest()
    let struck = Tally()
    let (fills, _) = try await stage.rehearse { number, _ in
      var random = SplitMix64(seed: seed &* 1_000_003 &+ UInt64(number))
      guard number > 12, Int.random(in: 0..<5, using: &random) == 0 else { return .passes }
      struck.add()
      return LossyDoor.Fate.allCases.randomElement(using: &random) ?? .passes
    }
    #expect(fills == wanted, "SEED=\(seed)")
    #expect(struck.count > 0)
  }
}

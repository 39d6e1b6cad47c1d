import Execution
import Market
import Network
import Synchronization
import Testing

@testable import LiveBroker

@Suite("A session whose sales are refused", .timeLimit(.minutes(10)))
struct RefusedSaleTests {
  @Test(
    "an operator sells what no stop is taken for, also where a first request may still be on its way",
    arguments: [false, true])
  func noStop(isLost: Bool) async throws {
    var stage = try SessionStage(seed: 6, count: 60)
    stage.timeScale = 50
    _ = try await stage.rehearse { _, request in
      let body = String(decoding: request.body, as: UTF8.self)
      return request.method == .post && body.contains("stop_price")
        ? .refused("LIMIT_PRICE_TOO_FAR_FROM_MARKET") : .passes
    } afterwards: { session, heard in
      let price = try await session.buyAtOnce()
      #expect(await session.standing(of: 0).exit?.state == .pending)
      if isLost { await session.pretendThatTheExitIsLost() }
      let least = Price(steps: price.steps / 100 * 95)
      await session.forceExit(pair: 0, at: least)
      try await session.awaitSale()
      let sale = try #require(heard.fills.last?.fill)
      #expect(sale.side == .sell && sale.price >= least)
    }
  }

  @Test func `an operator's price is kept, however often it is refused`() async throws {
    var stage = try SessionStage(seed: 6, count: 60)
    stage.timeScale = 50
    let isOver = Mutex(false)
    let offers = Mutex<[String]>([])
    _ = try await stage.rehearse { _, request in
      guard isOver.withLock({ $0 }), request.isSale else { return .passes }
      let body = String(decoding: request.body, as: UTF8.self)
      guard !body.contains("stop_price") else { return .passes }
      let isFirst = offers.withLock { offers in
        offers.append(body)
        return offers.count < 3
      }
      return isFirst ? .refused("LIMIT_PRICE_TOO_FAR_FROM_MARKET") : .passes
    } afterwards: { session, _ in
      let price = try await session.buyAtOnce()
      await session.settleAll()
      isOver.withLock { $0 = true }
      let high = await session.pairs[0].product.floorTick(Price(steps: price.steps / 100 * 150))
      await session.forceExit(pair: 0, at: high)
      await session.settleAll()
      let exit = try #require(await session.standing(of: 0).exit)
      #expect(exit.role == .forced && exit.state == .open && exit.order.limit == high)
      let name = "\"limit_price\":\"\(high)\""
      #expect(offers.withLock { $0.count == 3 && $0.allSatisfy { $0.contains(name) } })
    }
  }

  @Test func `what is to be sold at once is offered at the market where it is refused again`()
    async throws
  {
    try await Self.withPosition { session, heard, refusal in
      await session.offer(at: 95, refusal)
      while await session.standing(of: 0).held > .zero, refusal.count < 6 {
        try await Task.sleep(for: .milliseconds(2))
      }
      #expect(refusal.count == 2)
      refusal.end()
      try await session.awaitSale()
      #expect(heard.fills.last?.fill.side == .sell)
    }
  }

  @Test func `a price that is refused for ever is followed by a rescue`() async throws {
    try await Self.withPosition { session, heard, refusal in
      let price = await session.standing(of: 0).lastTrade
      let least = await session.offer(at: 150, refusal)
      while await session.standing(of: 0).exit?.role != .forced {
        try await Task.sleep(for: .milliseconds(2))
      }
      let later = await session.clock + TimeSpan(seconds: 90)
      for number in 0... {
        guard await session.standing(of: 0).held > .zero else { break }
        await session.onTrade(
          FeedTrade(
            productID: "BTC-USD", id: 1 << 41 + UInt64(number), price: price, size: 1,
            makerSide: .sell, time: later))
        try await Task.sleep(for: .milliseconds(2))
      }
      let sale = try #require(heard.fills.last?.fill)
      #expect(sale.side == .sell && sale.price < least)
    }
  }

  /// An exchange that refuses sales at one price, once that is known.
  fileprivate final class Refusal: Sendable {
    private let price = Mutex<Price?>(nil)
    private let tally = Tally()

    /// How many it has refused.
    var count: Int { tally.count }

    func begin(at price: Price) { self.price.withLock { $0 = price } }
    func end() { price.withLock { $0 = nil } }

    func fate(of request: HTTPRequest) -> LossyDoor.Fate {
      guard request.isSale, let price = price.withLock({ $0 }),
        request.text.contains("\"limit_price\":\"\(price)\"")
      else { return .passes }
      tally.add()
      return .refused("LIMIT_PRICE_TOO_FAR_FROM_MARKET")
    }
  }

  /// A session with a position and its stop.
  private static func withPosition(
    _ body: @escaping @Sendable (LiveSession, Heard, Refusal) async throws -> Void
  ) async throws {
    var stage = try SessionStage(seed: 6, count: 60)
    stage.timeScale = 50
    let refusal = Refusal()
    _ = try await stage.rehearse { _, request in
      refusal.fate(of: request)
    } afterwards: { session, heard in
      try await session.buyAtOnce()
      await session.settleAll()
      try await body(session, heard, refusal)
    }
  }
}

extension LiveSession {
  /// As where the answer to its request was lost.
  fileprivate func pretendThatTheExitIsLost() {
    if let exit = standing(of: 0).exit { sent[0].lose(exit.order.id) }
  }

  /// Has all be sold at so many percent of the last price, which is refused.
  ///
  /// - Returns: That price.
  @discardableResult
  fileprivate func offer(
    at percent: Int64, _ refusal: RefusedSaleTests.Refusal
  ) -> Price {
    let last = standing(of: 0).lastTrade
    let least = pairs[0].product.floorTick(Price(steps: last.steps / 100 * percent))
    refusal.begin(at: least)
    forceExit(pair: 0, at: least)
    return least
  }
}

import Execution
import Market
import Network
import Synchronization
import TestKit
import Testing

@testable import LiveBroker

@Suite("A session whose coins are gone", .timeLimit(.minutes(10)))
struct MissingCoinsTests {
  @Test func `an exit of coins that are gone waits for the next look at the books`() async throws {
    var stage = try SessionStage(seed: 6, count: 60)
    stage.timeScale = 50
    let isGone = Mutex(true)
    _ = try await stage.rehearse { _, request in
      guard isGone.withLock({ $0 }) else { return .passes }
      if request.path.hasSuffix("/accounts") {
        return .says(#"{"accounts":[],"has_next":false,"cursor":"","size":0}"#)
      }
      return request.isSale ? .refused("INSUFFICIENT_FUND") : .passes
    } afterwards: { session, heard in
      try await session.buyAtOnce()
      // The lane comes to rest: whatever else is to be done for the pair can be.
      #expect(await session.settleAll())
      #expect(await session.standing(of: 0).exit?.state == .pending)
      #expect(await session.standing(of: 0).isHalted)
      #expect(heard.trouble.contains { $0.contains("the account has 0 BTC to sell") })
      isGone.withLock { $0 = false }
      await session.reconcile()
      await session.settleAll()
      await session.tradeAgain()
      #expect(await session.standing(of: 0).exit?.state == .open)
    }
  }

  @Test func `what the account has of a position is covered, and the rest when it is there`()
    async throws
  {
    let account = ShortAccount()
    _ = try await Self.stage().rehearse { _, request in
      account.fate(of: request)
    } afterwards: { session, _ in
      try await session.buyAtOnce()
      #expect(await session.settleAll())
      let first = try #require(await session.standing(of: 0).exit)
      #expect(try await Self.sizes(session) == [quantity("0.001")])
      account.end()
      await session.reconcile()
      await session.settleAll()
      let standing = await session.standing(of: 0)
      #expect(standing.exit?.state == .open && standing.exit?.order.id != first.order.id)
      #expect(try await Self.sizes(session) == [standing.held])
    }
  }

  @Test func `less than the exchange trades is nothing`() async throws {
    // The lot is that of the record.
    let stage = try Self.stage("product.base_increment=0.01", "product.base_min_size=0.01")
    let isGone = Mutex(true)
    _ = try await stage.rehearse { _, request in
      guard isGone.withLock({ $0 }) else { return .passes }
      if request.path.hasSuffix("/accounts") { return .says(Self.account(of: "0.001")) }
      return request.isSale ? .refused("INSUFFICIENT_FUND") : .passes
    } afterwards: { session, _ in
      try await session.buyAtOnce()
      #expect(await session.settleAll())
      #expect(await session.lanes[0].dust != nil)
      isGone.withLock { $0 = false }
      await session.reconcile()
      await session.settleAll()
      await session.tradeAgain()
      #expect(await session.standing(of: 0).exit?.state == .open)
    }
  }

  @Test(
    "once it is known, what is there is covered at the first refusal, also where others hold the rest",
    arguments: [false, true])
  func known(isHeld: Bool) async throws {
    let account = ShortAccount(isHeld: isHeld)
    _ = try await Self.stage().rehearse { _, request in
      account.fate(of: request)
    } afterwards: { session, _ in
      let price = try await session.buyAtOnce()
      #expect(await session.settleAll())
      let first = try #require(await session.standing(of: 0).exit)
      let before = account.refusals
      await session.trade(0, at: Price(steps: price.steps / 100 * 103))
      await session.settleAll()
      let second = try #require(await session.standing(of: 0).exit)
      #expect(second.state == .open && second.order.id != first.order.id)
      #expect(account.refusals == before + 1)
      #expect(try await Self.sizes(session) == [quantity("0.001")])
    }
  }

  @Test("what the account has is offered in a market where each trade brings another offer, too")
  func movingMarket() async throws {
    let account = ShortAccount()
    _ = try await Self.stage("exit.escalate_after=0").rehearse { _, request in
      account.fate(of: request)
    } afterwards: { session, heard in
      let price = try await session.buyAtOnce()
      let later = await session.clock + TimeSpan(seconds: 90)
      for number in 0..<5_000 {
        let isOpen = await session.standing(of: 0).exit?.state == .open
        if isOpen || heard.fills.last?.fill.side == .sell { break }
        await session.trade(
          UInt64(number), at: Price(steps: price.steps / 1000 * Int64(900 - number % 2)), later)
        try await Task.sleep(for: .milliseconds(2))
      }
      #expect(account.offers > 0)
      account.end()
    }
  }

  @Test func `what a stop is failed for want of is looked for, too, and again where there is less`()
    async throws
  {
    let there = Mutex("0.002")
    _ = try await Self.stage().rehearse { _, request in
      request.path.hasSuffix("/accounts")
        ? .says(Self.account(of: there.withLock { $0 })) : .passes
    } afterwards: { session, _ in
      try await session.buyAtOnce()
      await session.settleAll()
      for _ in 0..<30 {
        let sizes = try await Self.sizes(session)
        if sizes == [quantity("0.002")] { there.withLock { $0 = "0.001" } }
        if sizes == [quantity("0.001")] { break }
        let stop = try #require(await session.standing(of: 0).exit)
        await session.look(
          at: stop.order.id, Lane.Sight(filled: .zero, status: .failed, reason: "HOLD_FAILURE"),
          of: 0)
        // The exchange has the one that is said to have failed: its coins are none to sell.
        let name = try #require(await session.sent[0][stop.order.id]?.exchangeID)
        _ = try await session.exchange.cancel(name, product: "BTC-USD")
        await session.settleAll()
      }
      #expect(try await Self.sizes(session) == [quantity("0.001")])
    }
  }

  /// A market that is fifty times as fast.
  private static func stage(_ more: String...) throws -> SessionStage {
    var stage = try SessionStage(seed: 6, count: 60, more: more)
    stage.timeScale = 50
    return stage
  }

  /// An account from which coins were taken: it has 0.001 left, and takes no sale of another size.
  private final class ShortAccount: Sendable {
    private let isHeld: Bool
    private let isShort = Mutex(true)
    private let refused = Tally()
    private let taken = Tally()

    /// Whether the coins are there, held by an order that is not the session's.
    init(isHeld: Bool = false) { self.isHeld = isHeld }

    /// How many sales it has refused.
    var refusals: Int { refused.count }
    /// How many it has taken.
    var offers: Int { taken.count }

    /// Brings the coins back.
    func end() { isShort.withLock { $0 = false } }

    func fate(of request: HTTPRequest) -> LossyDoor.Fate {
      guard isShort.withLock({ $0 }) else { return .passes }
      if request.path.hasSuffix("/accounts") {
        return .says(MissingCoinsTests.account(of: "0.001", held: isHeld ? "5" : "0"))
      }
      guard request.isSale else { return .passes }
      let isCovered = request.text.contains("\"base_size\":\"0.001\"")
      (isCovered ? taken : refused).add()
      return isCovered ? .passes : .refused("INSUFFICIENT_FUND")
    }
  }

  /// The sizes of the sells that work.
  private static func sizes(_ session: LiveSession) async throws -> [Quantity] {
    try await session.exchange.workingOrders(ofProducts: ["BTC-USD"])
      .filter { $0.side == .sell }.compactMap(\.quantity)
  }

  /// An account that has so much of the coin and nothing else.
  private static func account(of size: String, held: String = "0") -> String {
    """
    {"accounts":[{"uuid":"1","name":"BTC","currency":"BTC","available_balance":{"value":"\(size)",\
    "currency":"BTC"},"hold":{"value":"\(held)","currency":"BTC"},"active":true}],"has_next":false,\
    "cursor":"","size":1}
    """
  }
}

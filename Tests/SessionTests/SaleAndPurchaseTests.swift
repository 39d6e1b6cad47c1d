import Execution
import Market
import Network
import Persistence
import Strategy
import Synchronization
import TestKit
import Testing

@testable import LiveBroker

@Suite("A sale that is heard of before the purchase", .timeLimit(.minutes(10)))
struct SaleAndPurchaseTests {
  /// What the exchange says of an entry and of the stop for it, whatever it has of them.
  private struct Tale {
    var entry: (order: Order, name: String)
    var stop: String?
    var bought: [(size: Quantity, time: Timestamp)]
    var sold: [(size: Quantity, time: Timestamp)] = []

    /// The answer to a request; `nil` where it is about something else.
    func answer(to request: HTTPRequest) -> String? {
      if request.path.hasSuffix("/orders/historical/\(entry.name)") { return order }
      guard request.path.hasSuffix("/orders/historical/fills") else { return nil }
      if request.target.contains(entry.name) { return list(bought, "BUY", entry.name) }
      if let stop, request.target.contains(stop) { return list(sold, "SELL", stop) }
      return nil
    }

    private var order: String {
      let filled = bought.reduce(Quantity.zero) { $0 + $1.size }
      return """
        {"order":{"order_id":"\(entry.name)","client_order_id":"\(entry.order.id)",
        "product_id":"BTC-USD","side":"BUY","order_configuration":{"limit_limit_gtc":{
        "base_size":"\(entry.order.quantity)","limit_price":"\(entry.order.limit)","post_only":false}},
        "status":"\(filled == entry.order.quantity ? "FILLED" : "OPEN")","filled_size":"\(filled)",
        "filled_value":"0","average_filled_price":"0","total_fees":"0"}}
        """
    }

    private func list(
      _ fills: [(size: Quantity, time: Timestamp)], _ side: String, _ name: String
    ) -> String {
      let items = fills.enumerated().map { number, fill in
        """
        {"entry_id":"\(side)-\(number)","trade_id":"\(side)-\(number)","order_id":"\(name)",
        "trade_time":"\(fill.time)","trade_type":"FILL","price":"\(entry.order.limit)",
        "size":"\(fill.size)","commission":"0","product_id":"BTC-USD","size_in_quote":false,
        "liquidity_indicator":"MAKER","side":"\(side)"}
        """
      }
      return #"{"fills":[\#(items.joined(separator: ","))],"cursor":""}"#
    }
  }

  @Test func `is counted behind it, and the position goes on`() async throws {
    let stage = try SessionStage(seed: 5, count: 40, more: ["sandbox.balances=5 BTC"])
    let tale = Mutex<Tale?>(nil)
    _ = try await stage.rehearse { _, request in
      tale.withLock { $0?.answer(to: request) }.map { .says($0) } ?? .passes
    } afterwards: { session, heard in
      let half = Rate(steps: 500_000_000_000_000_000)
      await session.submitEntry(
        pair: 0,
        EntrySignal(
          reference: await session.standing(of: 0).lastTrade, offset: half, timeToLive: 100))
      await session.settleAll()
      let entry = try #require(await session.standing(of: 0).entry?.order)
      let name = try #require(await session.sent[0][entry.id]?.exchangeID)
      let now = await session.clock
      let part = Product().floorLot(Quantity(steps: entry.quantity.steps / 3))
      let rest = entry.quantity - part

      // A third is bought and told of.
      tale.withLock { $0 = Tale(entry: (entry, name), bought: [(part, now)]) }
      await session.look(at: entry.id, Lane.Sight(filled: part, status: .open), of: 0)
      await session.settleAll()
      let stop = try #require(await session.standing(of: 0).exit?.order)
      #expect(stop.quantity == part)

      // The rest is bought, and what the stop is for is sold: that alone is told of.
      let stopName = try #require(await session.sent[0][stop.id]?.exchangeID)
      tale.withLock {
        $0?.stop = stopName
        $0?.bought.append((rest, now + TimeSpan(seconds: 1)))
        $0?.sold = [(part, now + TimeSpan(seconds: 2))]
      }
      await session.look(at: stop.id, Lane.Sight(filled: part, status: .filled), of: 0)
      await session.settleAll()

      let standing = await session.standing(of: 0)
      #expect(standing.held == rest && standing.exit?.order.quantity == rest)
      let mine = heard.fills.map(\.fill).suffix(3)
      #expect(mine.map(\.side) == [.buy, .buy, .sell])
      let positions = try Store.rows(of: heard.database, tables: ["positions"])
        .count { $0.contains("|\(entry.id.number)|") }
      #expect(positions == 1, "an entry makes one position")
    }
  }
}

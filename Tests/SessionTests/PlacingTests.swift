import Execution
import Market
import TestKit
import Testing

@testable import LiveBroker

@Suite("An order as it is sent")
struct PlacingTests {
  @Test(
    "Is rounded down to the exchange's steps, which may be coarser than the record's",
    arguments: [
      ("0.01", "0.0001", "100.07", "101.13", "0.1234"), ("0.1", "0.001", "100", "101.1", "0.123"),
      ("5", "1", "100", "100", "0"),
    ])
  func fit(tick: String, lot: String, limit: String, trigger: String, size: String) {
    let product = Product(
      id: "BTC-USD", quoteIncrement: price(tick), baseIncrement: quantity(lot))
    let order = Order(
      id: ClientOrderID(session: 1, pair: 0, number: 1), side: .sell, limit: price("100.07"),
      trigger: price("101.13"), quantity: quantity("0.1234"), submitted: Timestamp(nanoseconds: 0))
    var placing = Placing(order, .stop, product: product.id)
    placing.fit(product)
    let sent = placing.wish.order
    #expect(sent.limit == price(limit) && sent.trigger == price(trigger))
    #expect(sent.quantity == quantity(size))
  }

  @Test(.timeLimit(.minutes(10)))
  func `an exchange that has made its tick coarser gets prices it can take`() async throws {
    var stage = try SessionStage(seed: 5, count: 40)
    stage.tick = price("10")
    _ = try await stage.rehearse(afterwards: { session, _ in
      let (order, name) = try await session.enterBelow()
      let found = try #require(try await session.exchange.order(name, .query))
      let product = await session.pairs[0].product
      #expect(order.limit != product.floorTick(order.limit))
      guard case .limit(let limit, _, _) = found.terms else {
        Issue.record("\(found.terms)")
        return
      }
      #expect(limit == product.floorTick(order.limit))
    })
  }
}

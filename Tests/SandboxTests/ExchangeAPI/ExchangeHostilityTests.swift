import JSON
import Market
import Network
import Simulator
import TestKit
import Testing

@testable import Sandbox

@Suite("Requests to the Exchange of somebody who means harm")
struct ExchangeHostilityTests {
  private static let bodies = [
    #"{"product_id":"BTC-USD","side":"buy","price":"99","size":"1","post_only":true}"#,
    #"{"product_id":"BTC-USD","side":"sell","price":"89","size":"1","stop":"loss","stop_price":"90"}"#,
    #"{"product_id":"BTC-USD","side":"buy","type":"market","funds":"100"}"#,
    #"{"product_id":"BTC-USD","side":"sell","price":"99","size":"2","time_in_force":"IOC"}"#,
    #"{"product_id":"BTC-USD","side":"buy","price":"99","size":"1","time_in_force":"GTT","cancel_after":"day"}"#,
    #"{"type":"subscribe","product_ids":["BTC-USD"],"channels":["ticker",{"name":"matches"}]}"#,
    #"{"type":"subscribe","channels":["user"],"key":"a","signature":"b","timestamp":"1","passphrase":"c"}"#,
  ]

  private static let values = [
    "0", "-1", "1e400", "1e-400", "NaN", "", "0.000000000000000000000001", "300",
    "99999999999999999999999999999999999999999", "92233720368.54775807", "1e12", "1704067500",
    "1678-01-01T00:00:00Z", "2261-12-31T23:59:59.999999999Z", "1960-01-01T00:00:00Z", "%ff%00",
    "18446744073709551615", "client:", "BTC-USD",
  ]

  private static let queries = [
    "/products/BTC-USD/candles?granularity=300&start=@&end=@",
    "/products/BTC-USD/candles?granularity=@&start=@", "/products/@/book?level=@",
    "/products/BTC-USD/trades?limit=@&before=@&after=@", "/orders?limit=@&after=@&sorting=@",
    "/orders?status=all&start_date=@&end_date=@&before=@", "/orders/@", "/orders/client:@",
    "/fills?order_id=@&limit=@", "/fills?product_id=@&after=@", "/accounts/@/holds", "/@",
    "/currencies/@",
  ]

  @Test("Every request is answered, and the market goes on", arguments: Seeds.ofThisRun)
  func survives(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    // Money is no limit here.
    var desk = ExchangeDesk(
      history: 20, balances: ["USD": 1_000_000_000_000_000, "BTC": 1_000_000_000])
    let api = Sandbox.ExchangeAPI(clock: ExchangeDesk.clock)
    var feed = Sandbox.ExchangeFeed()
    var statuses: Set<Int> = []

    func check(_ response: HTTPResponse, _ what: String) {
      statuses.insert(response.status)
      #expect((try? JSONValue(parsing: response.body)) != nil, "SEED=\(seed): \(what)")
    }
    func ask() {
      guard let body = Self.bodies.randomElement(using: &random),
        let query = Self.queries.randomElement(using: &random)
      else { return }
      let bytes = spoiled(body, numbers: Self.values, using: &random)
      check(api.answer(HTTPRequest(.post, "/orders", body: bytes), &desk.exchange), "\(bytes)")
      // Between them orders that are meant, so that there is something to spoil.
      check(
        api.answer(HTTPRequest(.post, "/orders", body: Array(body.utf8)), &desk.exchange), body)
      var target = query
      while let place = target.firstRange(of: "@") {
        target.replaceSubrange(place, with: Self.values.randomElement(using: &random) ?? "")
      }
      check(api.answer(HTTPRequest(.get, target), &desk.exchange), target)
      check(api.answer(HTTPRequest(.delete, target), &desk.exchange), target)
      if let message = try? JSONValue(parsing: bytes), message.kind == .object {
        _ = feed.receive(message, desk.exchange, desk.door, clock: ExchangeDesk.clock)
      }
      for news in desk.exchange.takeNews() { _ = feed.tell(news, desk.exchange) }
    }

    for _ in 0..<3 {
      desk.open()
      for price in [110, 90, 100] as [Price] {
        for _ in 0..<10 { ask() }
        desk.move(to: price)
      }
      desk.exchange.close(0)
      for _ in 0..<5 { ask() }
    }
    #expect(statuses.isSuperset(of: [200, 400, 404]), "SEED=\(seed): \(statuses)")
    let ledger = desk.exchange.ledger
    #expect(ledger["USD"].available >= .zero && ledger["BTC"].available >= .zero)
    #expect(!desk.exchange.orders.isEmpty)
  }
}

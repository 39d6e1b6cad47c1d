import JSON
import Market
import Matching
import Network
import Simulator
import TestKit
import Testing

@testable import Sandbox

@Suite("Requests of somebody who means harm")
struct HostileRequestTests {
  private static let bodies = [
    #"{"client_order_id":"a","product_id":"BTC-USD","side":"BUY","order_configuration":{"limit_limit_gtc":{"base_size":"1","limit_price":"99","post_only":false}}}"#,
    #"{"client_order_id":"b","product_id":"BTC-USD","side":"SELL","order_configuration":{"stop_limit_stop_limit_gtd":{"base_size":"1","limit_price":"89","stop_price":"90","stop_direction":"STOP_DIRECTION_STOP_DOWN","end_time":"2024-01-02T00:00:00Z"}}}"#,
    #"{"client_order_id":"c","product_id":"BTC-USD","side":"BUY","order_configuration":{"market_market_ioc":{"quote_size":"100"}}}"#,
    #"{"client_order_id":"d","product_id":"BTC-USD","side":"SELL","order_configuration":{"sor_limit_ioc":{"base_size":"1","limit_price":"99"}}}"#,
    #"{"order_ids":["a","b"]}"#, #"{"order_id":"a","price":"98","size":"2"}"#,
    #"{"type":"subscribe","channel":"market_trades","product_ids":["BTC-USD"],"jwt":"a.b.c"}"#,
  ]

  private static let numbers = [
    "0", "-1", "1e400", "1e-400", "NaN", "", "0.000000000000000000000001",
    "99999999999999999999999999999999999999999", "92233720368.54775807", "1e12", "1e15", "0x10",
  ]

  private static let paths = [
    "/orders", "/orders/preview", "/orders/edit", "/orders/edit_preview", "/orders/batch_cancel",
  ]

  private static let queries = [
    "/products/BTC-USD/candles?granularity=FIVE_MINUTE&start=@&end=@&limit=@",
    "/products/BTC-USD/ticker?limit=@&start=@&end=@", "/products?limit=@&offset=@",
    "/orders/historical/batch?limit=@&cursor=@&start_date=@", "/accounts?limit=@&cursor=@",
    "/orders/historical/fills?limit=@&cursor=@&order_ids=@", "/product_book?product_id=@",
    "/orders/historical/@", "/accounts/@", "/products/@", "/market/time?x=%ff%00",
  ]

  @Test("Every request is answered, and the market goes on", arguments: Seeds.ofThisRun)
  func survives(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let candles = randomCandles(60, using: &random)
    var settings = SandboxSettings(listings: [Listing(Product(id: "BTC-USD"))], seed: seed)
    // Money is no limit here.
    settings.balances = ["USD": 1_000_000_000_000_000, "BTC": 1_000_000_000]
    var exchange = SandboxExchange(settings, candles: [candles])
    let api = AdvancedAPI(permissions: KeyPermissions(), clock: Timestamp(seconds: 1_800_000_000))
    let door = Doorkeeper(SandboxCredentials(), countsRequests: false)
    var feed = AdvancedFeed()
    var statuses: Set<Int> = []

    func ask(_ random: inout SplitMix64) {
      guard let body = Self.bodies.randomElement(using: &random),
        let path = Self.paths.randomElement(using: &random),
        let query = Self.queries.randomElement(using: &random)
      else { return }
      let bytes = spoiled(body, numbers: Self.numbers, using: &random)
      let posted = api.answer(
        HTTPRequest(.post, AdvancedAPI.root + path, body: bytes), &exchange)
      statuses.insert(posted.status)
      // Between them orders that are meant, so that there is something to spoil.
      let name = "\"client_order_id\":\"\(statuses.count)-\(random.next())\""
      let good = body.replacing(#/"client_order_id":"."/#, with: name)
      statuses.insert(
        api.answer(
          HTTPRequest(.post, AdvancedAPI.root + "/orders", body: Array(good.utf8)), &exchange
        ).status)
      var target = query
      while let place = target.firstRange(of: "@") {
        let number = Self.numbers.randomElement(using: &random) ?? ""
        let text = Int.random(in: 0..<2, using: &random) == 0 ? number : "1704067500"
        target.replaceSubrange(place, with: text)
      }
      let got = api.answer(HTTPRequest(.get, AdvancedAPI.root + target), &exchange)
      statuses.insert(got.status)
      #expect((try? JSONValue(parsing: got.body)) != nil, "SEED=\(seed): \(target)")
      if let message = try? JSONValue(parsing: bytes), message.kind == .object {
        _ = feed.receive(message, exchange, door, clock: Timestamp(seconds: 1_800_000_000))
      }
      for news in exchange.takeNews() { _ = feed.tell(news, exchange) }
    }

    var schedule = CandleSchedule(exchange)
    while let time = schedule.nextTime(exchange) {
      for market in schedule.moving(at: time) {
        let (price, isClose) = schedule.step(market)
        exchange.move(market, to: price, at: time)
        while exchange.step(market) { ask(&random) }
        exchange.printTrade(market, size: .zero)
        if isClose { exchange.close(market) }
        ask(&random)
      }
      for market in schedule.opening(at: time, exchange) {
        guard let candle = exchange.nextCandle(of: market) else { continue }
        schedule.begin(market, candle)
        exchange.open(market)
        while exchange.step(market) { ask(&random) }
        exchange.printTrade(market, size: candle.volume)
        ask(&random)
      }
    }
    #expect(statuses.isSuperset(of: [200, 400, 404]), "SEED=\(seed): \(statuses)")
    #expect(exchange.ledger["USD"].available >= .zero && exchange.ledger["BTC"].held >= .zero)
    #expect(!exchange.orders.isEmpty, "SEED=\(seed)")
  }
}

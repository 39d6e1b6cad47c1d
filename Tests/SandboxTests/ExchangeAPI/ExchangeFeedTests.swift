import Credentials
import JSON
import Market
import Matching
import Network
import Secrets
import Testing

@testable import LiveBroker
@testable import Sandbox

@Suite("The feed of the Exchange")
struct ExchangeFeedTests {
  private func subscription(_ channels: String, signed desk: ExchangeDesk? = nil) throws -> String {
    var proof = ""
    if let desk {
      let exchange = desk.credentials.exchange
      let key = try #require(HMACKey(exchange.secret))
      let signature = key.subscribeSignature(timestamp: "1790000000")
      proof =
        #","key":"\#(exchange.key)","passphrase":"\#(exchange.passphrase.reveal())","#
        + #""timestamp":"1790000000","signature":"\#(signature)""#
    }
    return #"{"type":"subscribe","product_ids":["BTC-USD"],"channels":[\#(channels)]\#(proof)}"#
  }

  private func types(_ messages: [JSONValue]) -> [String] {
    messages.compactMap { $0["type"]?.string }
  }

  @Test func `a subscription is answered with the whole list`() throws {
    let desk = ExchangeDesk()
    var feed = Sandbox.ExchangeFeed()
    let first = try desk.say(try subscription(#""ticker","heartbeat""#), on: &feed)
    #expect(types(first) == ["subscriptions", "heartbeat"])
    let more = try desk.say(
      #"{"type":"subscribe","channels":[{"name":"ticker","product_ids":["ETH-USD"]}]}"#, on: &feed)
    let channels = try #require(more.last?["channels"])
    #expect(channels.elements.compactMap { $0["name"]?.string } == ["heartbeat", "ticker"])
    let tickers = try #require(channels.elements.first { $0["name"]?.string == "ticker" })
    #expect(
      tickers["product_ids"]?.elements.compactMap(\.string) == ["BTC-USD", "ETH-USD"])
    #expect(feed.isSubscribed && feed.followsTrades)
    let less = try desk.say(
      #"{"type":"unsubscribe","product_ids":["BTC-USD","ETH-USD"],"channels":["ticker"]}"#,
      on: &feed)
    #expect(less.last?["channels"]?.count == 1)
    #expect(!feed.followsTrades)
  }

  @Test(
    "What is wrong with a subscription is said, then what is subscribed",
    arguments: [
      (#"{"type":"hello"}"#, "type must be subscribe or unsubscribe"),
      (
        #"{"type":"subscribe","channels":["full"],"product_ids":["BTC-USD"]}"#,
        "full is not a valid"
      ),
      (#"{"type":"subscribe","channels":["user"]}"#, "user channel requires authentication"),
      (#"{"type":"subscribe","channels":["level2"],"product_ids":["BTC-USD"]}"#, "requires auth"),
      (#"{"type":"subscribe","channels":["ticker"]}"#, "No product_ids"),
      (
        #"{"type":"subscribe","channels":["ticker"],"product_ids":["X"]}"#,
        "X is not a valid product"
      ),
      (#"{"type":"subscribe","channels":[]}"#, "No channels"),
      (#"{"type":"subscribe"}"#, "No chan"),
      (
        #"{"type":"subscribe","channels":["ticker"],"product_ids":["BTC-USD"],"key":"x","#
          + #""signature":"x","timestamp":"1790000000","passphrase":"x"}"#, "Invalid API Key"
      ),
    ])
  func refusals(message: String, reason: String) throws {
    let desk = ExchangeDesk()
    var feed = Sandbox.ExchangeFeed()
    let answers = try desk.say(message, on: &feed)
    #expect(types(answers) == ["error", "subscriptions"])
    #expect(answers[0]["reason"]?.string?.contains(reason) == true)
    #expect(answers[1]["channels"]?.count == 0)
    #expect(!feed.isSubscribed)
  }

  @Test func `trades come as match and ticker, the last one at once`() throws {
    var desk = ExchangeDesk()
    var feed = Sandbox.ExchangeFeed()
    _ = try desk.say(try subscription(#""matches","ticker","level2_batch""#), on: &feed)
    desk.open()
    var messages = try desk.news(on: &feed)
    desk.move(to: 110)
    messages += try desk.news(on: &feed)
    #expect(
      types(messages) == ["match", "ticker", "l2update", "match", "ticker", "l2update"])
    #expect(messages[0]["trade_id"]?.integer == 1 && messages[0]["size"]?.string == "1000.00000000")
    #expect(messages[3]["price"]?.string == "110" && messages[3]["size"]?.string == "0.00000000")
    #expect(messages[4]["best_bid"]?.string == "109.99")
    // Who bought took from those who waited to sell.
    #expect(messages[3]["side"]?.string == "sell" && messages[4]["side"]?.string == "buy")
    let changes = try #require(messages[5]["changes"])
    #expect(
      changes.elements.map { $0.elements.map(\.description).joined(separator: " ") } == [
        "buy 99.99 0.00000000", "buy 109.99 100.00000000", "sell 100.01 0.00000000",
        "sell 110.01 100.00000000",
      ])
    var late = Sandbox.ExchangeFeed()
    let begin = try desk.say(try subscription(#""matches","ticker","level2_batch""#), on: &late)
    #expect(types(begin) == ["subscriptions", "last_match", "ticker", "snapshot"])
    #expect(begin[1]["trade_id"]?.integer == 2)
  }

  @Test func `heartbeats name the last trade of each product`() throws {
    var desk = ExchangeDesk()
    var feed = Sandbox.ExchangeFeed()
    _ = try desk.say(
      #"{"type":"subscribe","channels":["heartbeat"],"product_ids":["BTC-USD","ETH-USD"]}"#,
      on: &feed)
    desk.open()
    desk.exchange.announce(desk.exchange.now + TimeSpan(seconds: 1))
    let beats = try desk.news(on: &feed)
    #expect(beats.compactMap { $0["product_id"]?.string } == ["BTC-USD", "ETH-USD"])
    #expect(beats.compactMap { $0["last_trade_id"]?.integer } == [1, 0])
    #expect(beats[0]["time"]?.string == "\(desk.exchange.now)")
  }

  @Test func `ticker_batch comes every five seconds, status once`() throws {
    var desk = ExchangeDesk()
    var feed = Sandbox.ExchangeFeed()
    let begin = try desk.say(try subscription(#""ticker_batch","status""#), on: &feed)
    #expect(types(begin) == ["subscriptions", "status"])
    #expect(begin[1]["products"]?.count == 2)
    desk.open()
    var news = try desk.news(on: &feed)
    for (price, seconds) in [(101, 4), (102, 1), (103, 1)] as [(Price, Int64)] {
      desk.move(to: price, after: seconds)
      news += try desk.news(on: &feed)
    }
    #expect(news.compactMap { $0["price"]?.string } == ["102"])
  }

  // MARK: - Our orders

  private func userFeed(_ desk: ExchangeDesk) throws -> Sandbox.ExchangeFeed {
    var feed = Sandbox.ExchangeFeed()
    let answers = try desk.say(try subscription(#""user""#, signed: desk), on: &feed)
    try #require(types(answers) == ["subscriptions"])
    return feed
  }

  @Test func `a limit order is received, open, matched and done`() throws {
    var desk = ExchangeDesk()
    var feed = try userFeed(desk)
    desk.open()
    let order = try desk.place(1, .buy, 2, at: 95)
    var news = try desk.news(on: &feed)
    #expect(types(news) == ["received", "open"])
    #expect(news[0]["client_oid"]?.string == order.clientID)
    #expect(news[1]["remaining_size"]?.string == "2.00000000")
    desk.move(to: 90)
    news = try desk.news(on: &feed)
    #expect(types(news) == ["match", "done"])
    #expect(news[0]["maker_order_id"]?.string == order.id)
    #expect(news[0]["side"]?.string == "buy" && news[0]["maker_fee_rate"]?.string == "0.005")
    #expect(news[1]["reason"]?.string == "filled")
    #expect(news[1]["remaining_size"]?.string == "0.00000000")
  }

  @Test func `what is taken at once comes before the rest is open`() throws {
    var desk = ExchangeDesk { $0.listings[0].model.participation = (try? Rate("0.001")) ?? .zero }
    var feed = try userFeed(desk)
    desk.open()
    let order = try desk.place(1, .buy, 3, at: 100)
    var news = try desk.news(on: &feed)
    #expect(types(news) == ["received", "match", "open"])
    #expect(news[1]["taker_order_id"]?.string == order.id)
    // It took from somebody who waited to sell.
    #expect(news[1]["side"]?.string == "sell")
    #expect(news[2]["remaining_size"]?.string == "2.00000000")
    _ = desk.send(.delete, "/orders/\(order.id)")
    news = try desk.news(on: &feed)
    #expect(types(news) == ["done"] && news[0]["reason"]?.string == "canceled")
    #expect(news[0]["remaining_size"]?.string == "2.00000000")
  }

  @Test func `what never rests is never open`() throws {
    var desk = ExchangeDesk()
    var feed = try userFeed(desk)
    desk.open()
    for (members, expected) in [
      (#""price":"99","size":"1","time_in_force":"IOC""#, ["received", "done"]),
      (#""price":"101","size":"1","time_in_force":"IOC""#, ["received", "match", "done"]),
      (#""type":"market","funds":"50""#, ["received", "match", "done"]),
    ] {
      _ = desk.send(
        .post, "/orders", "{\"product_id\":\"BTC-USD\",\"side\":\"buy\",\(members)}")
      #expect(types(try desk.news(on: &feed)) == expected, "\(members)")
    }
  }

  @Test func `a stop is activated, and received when it triggers`() throws {
    var desk = ExchangeDesk()
    var feed = try userFeed(desk)
    desk.open()
    let stop = try desk.place(1, .sell, 1, at: 94, trigger: 95)
    var news = try desk.news(on: &feed)
    #expect(types(news) == ["activate"])
    #expect(news[0]["stop_type"]?.string == "loss" && news[0]["order_id"]?.string == stop.id)
    #expect(news[0]["timestamp"]?.string == "\(desk.exchange.now.seconds)")
    desk.move(to: 90)
    news = try desk.news(on: &feed)
    #expect(types(news) == ["received", "match", "done"])
  }

  @Test func `news of one product are not told to those who asked for another`() throws {
    var desk = ExchangeDesk()
    var feed = try userFeed(desk)
    _ = desk.send(
      .post, "/orders", #"{"product_id":"ETH-USD","side":"buy","price":"50","size":"1"}"#)
    #expect(try desk.news(on: &feed).isEmpty)
  }
}

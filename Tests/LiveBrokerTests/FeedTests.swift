import Market
import Secrets
import TestKit
import Testing

@testable import LiveBroker

@Suite("Messages of the feeds")
struct FeedTests {
  private func advancedTrade(_ place: Int) throws -> FeedMessage {
    try AdvancedTrade.feedMessage(Array(Samples.advancedTradeMessages[place].utf8))
  }

  @Test func `Advanced Trade's channels, with number and time`() throws {
    for place in 0..<6 {
      let message = try advancedTrade(place)
      #expect(message.sequence == 5)
      #expect(message.time == Timestamp(nanoseconds: 1_795_341_603_000_000_007))
    }
    #expect(
      try advancedTrade(0).events == [.subscribed(["ticker": ["BTC-USD"], "user": ["uuid"]])])
    #expect(try advancedTrade(1).events == [.heartbeat(FeedHeartbeat(number: 3049))])
    #expect(
      try advancedTrade(3).events == [
        .ticker(
          FeedTicker(
            productID: "BTC-USD", price: price("97000.01"), bid: 97_000, ask: price("97000.02")))
      ])
    #expect(try advancedTrade(6).events == [.refused("authentication failure")])
  }

  @Test func `trades are put in the order in which they happened`() throws {
    guard case .trades(let trades, let isSnapshot)? = try advancedTrade(2).events.first else {
      Issue.record("no trades")
      return
    }
    #expect(isSnapshot && trades.map(\.id) == [11, 12])
    #expect(
      trades.first
        == FeedTrade(
          productID: "BTC-USD", id: 11, price: price("97000.01"), size: quantity("0.2"),
          makerSide: .buy, time: Timestamp(nanoseconds: 1_795_341_602_500_000_000)))
  }

  @Test func `candles, oldest first`() throws {
    guard case .candles(let candles, let isSnapshot)? = try advancedTrade(4).events.first else {
      Issue.record("no candles")
      return
    }
    #expect(!isSnapshot && candles.map(\.candle.start.seconds) == [1_763_805_600, 1_763_805_900])
    #expect(candles.last?.candle.volume == quantity("7.12345678"))
  }

  @Test func `our orders are what they have come to`() throws {
    guard case .orders(let orders, let isSnapshot)? = try advancedTrade(5).events.first,
      let order = orders.first
    else {
      Issue.record("no orders")
      return
    }
    #expect(isSnapshot && order.ownID == Samples.ownID && order.status == .open)
    #expect(order.filled == quantity("0.1") && order.left == quantity("0.4"))
    #expect(order.trigger == .triggered && order.fillCount == 2 && order.reason == "")
    #expect(order.averagePrice == money("95000.005") && order.fees == money("0.07"))
    #expect(order.filledValue == money("9500.0005") && order.side == .sell)
  }

  @Test func `a heartbeat's count may be a string, and a new channel is no error`() throws {
    let text = Samples.advancedTradeMessages[1]
    let quoted = text.replacing("3049", with: #""3049""#)
    #expect(
      try AdvancedTrade.feedMessage(Array(quoted.utf8)).events
        == [.heartbeat(FeedHeartbeat(number: 3049))])
    let other = text.replacing("heartbeats", with: "brand_new")
    #expect(try AdvancedTrade.feedMessage(Array(other.utf8)).events == [.other("brand_new")])
  }

  static let brokenMessages: [(String, String)] = [
    (#"{"channel":"ticker","events":[]}"#, "sequence_num is missing"),
    (#"{"channel":"ticker","sequence_num":0}"#, "events is missing"),
    (
      #"{"channel":"ticker","sequence_num":0,"events":[{"tickers":[{"product_id":"A","price":"1e"}]}]}"#,
      "events[0].tickers[0].price is '1e', which is no price"
    ),
    (
      #"{"channel":"market_trades","sequence_num":0,"events":[{"type":"new","trades":[]}]}"#,
      "events[0].type is 'new', which is no snapshot or update"
    ),
    ("[]", "the answer is an array, not an object"), ("", "no JSON"),
  ]

  @Test("What is missing or wrong is named", arguments: brokenMessages)
  func broken(text: String, words: String) throws {
    let error = #expect(throws: AnswerDefect.self) {
      try AdvancedTrade.feedMessage(Array(text.utf8))
    }
    #expect(error?.description.contains(words) == true, "\(String(describing: error))")
  }

  @Test func `the Exchange's messages`() throws {
    let messages = try Samples.exchangeMessages.map { text in
      try ExchangeFeed.message(Array(text.utf8))
    }
    let trade = FeedTrade(
      productID: "BTC-USD", id: 10, price: price("400.23"), size: quantity("5.23512"),
      makerSide: .sell, time: Timestamp(seconds: 1_795_341_600))
    func news(_ step: FeedOrderNews.Step) -> FeedEvent {
      .news(FeedOrderNews(orderID: "o-1", productID: "BTC-USD", step: step))
    }
    #expect(
      messages.map(\.events) == [
        [.subscribed(["ticker": ["BTC-USD"]])],
        [.heartbeat(FeedHeartbeat(productID: "BTC-USD", number: 20))],
        [
          .ticker(
            FeedTicker(
              productID: "BTC-USD", price: price("97000.01"), bid: 97_000, ask: price("97000.02"),
              tradeID: 21))
        ], [.trades([trade], isSnapshot: false), news(.match(trade, isMaker: true))],
        [news(.received(clientID: "c-1"))], [news(.open(left: 1))],
        [news(.done(isFilled: false, left: quantity("0.25")))],
        [news(.changed(size: quantity("5.2")))], [news(.stopPlaced)],
        [.refused("Failed to subscribe: user channel requires authentication")],
      ])
    #expect(messages[3].sequence == 50)
    let stranger = Samples.match.replacing(#""user_id":"u","#, with: "")
      .replacing(#""maker_user_id":"u","#, with: "")
    #expect(
      try ExchangeFeed.message(Array(stranger.utf8)).events == [.trades([trade], isSnapshot: false)]
    )
    let last = Samples.match.replacing(#""type":"match""#, with: #""type":"last_match""#)
    #expect(
      try ExchangeFeed.message(Array(last.utf8)).events.first
        == .trades([trade], isSnapshot: true))
  }

  @Test func `a subscription to the Exchange carries its proof`() {
    let proof = ExchangeFeed.Proof(
      key: "k", signature: "s", passphrase: Secret("p"), timestamp: "17")
    let bytes = ExchangeFeed.subscription(
      to: [.matches, .user], products: ["A-B"], proof: proof)
    #expect(
      String(decoding: bytes, as: UTF8.self)
        == #"{"type":"subscribe","product_ids":["A-B"],"channels":["matches","user"],"#
        + #""signature":"s","key":"k","passphrase":"p","timestamp":"17"}"#)
    #expect(!"\(proof)".contains("\"p\""))
  }

  @Test func `a number that does not follow is seen`() {
    var check = SequenceCheck()
    let taken = [0, 1, 2, 4, 2, 3].map { check.take($0) }
    #expect(taken == [true, true, true, false, false, true])
    var late = SequenceCheck()
    let isFirst = late.take(1)
    #expect(!isFirst)
  }
}

import JSON
import Market
import Network
import Testing

@testable import LiveBroker
@testable import Sandbox

/// An exchange that is asked in the words of the Exchange, without a socket.
struct ExchangeDesk {
  var exchange: SandboxExchange
  let credentials = SandboxCredentials()
  let door: Doorkeeper

  static let clock = Timestamp(seconds: 1_790_000_000)
  /// When the data begin.
  static let start = Timestamp(seconds: 1_700_000_100)

  /// Two products; of the first `history` candles are over, and one more is to come than that.
  init(
    history: Int = 3, balances: [String: Money] = ["USD": 10_000, "BTC": 1],
    _ change: (inout SandboxSettings) -> Void = { _ in }
  ) {
    var settings = SandboxSettings(
      listings: [Listing(Product(id: "BTC-USD")), Listing(Product(id: "ETH-USD"))])
    settings.balances = balances
    change(&settings)
    let candles = (0..<Int64(history + 3)).map { place in
      Candle(
        start: Self.start + TimeSpan(seconds: 300 * place), open: 100, high: 110, low: 90,
        close: 100, volume: 1000)
    }
    exchange = SandboxExchange(
      settings, candles: [candles, candles],
      from: Self.start + TimeSpan(seconds: Int64(300 * history)))
    door = Doorkeeper(credentials, countsRequests: false)
  }

  /// Opens the next candle of the first product and prints its trade.
  mutating func open() {
    let volume = exchange.nextCandle(of: 0)?.volume ?? .zero
    exchange.open(0)
    while exchange.step(0) {}
    exchange.printTrade(0, size: volume)
  }

  /// Moves the price of the first product.
  mutating func move(to price: Price, after seconds: Int64 = 100) {
    exchange.move(0, to: price, at: exchange.now + TimeSpan(seconds: seconds))
    while exchange.step(0) {}
    exchange.printTrade(0, size: .zero)
  }

  // MARK: - Requests

  mutating func send(
    _ method: HTTPMethod = .get, _ target: String, _ body: String = ""
  ) -> HTTPResponse {
    Sandbox.ExchangeAPI(clock: Self.clock).answer(
      HTTPRequest(method, target, body: Array(body.utf8)), &exchange)
  }

  /// The body of an answer, and its status.
  mutating func ask(
    _ method: HTTPMethod = .get, _ target: String, _ body: String = ""
  ) throws -> (status: Int, body: JSONValue) {
    let response = send(method, target, body)
    return (response.status, try JSONValue(parsing: response.body))
  }

  /// Asks as our own client does, and reads the answer as it does.
  mutating func ask<Answer>(_ call: ExchangeCall<Answer>) throws -> Answer {
    try call.answer(to: answer(to: call.request))
  }

  mutating func answer(to request: ExchangeRequest) throws -> HTTPAnswer {
    let method = try #require(HTTPMethod(rawValue: request.method.rawValue))
    let response = send(
      method, request.target, String(decoding: request.body, as: UTF8.self))
    return HTTPAnswer(
      status: response.status, headers: response.headers.fields.map { .init($0.name, $0.value) },
      body: response.body)
  }

  /// Places an order as our own client does.
  mutating func place(
    _ number: UInt64, _ side: Side, _ quantity: Quantity, at limit: Price, trigger: Price? = nil,
    isPostOnly: Bool = false
  ) throws -> ExchangeOrder {
    let order = Order(
      id: ClientOrderID(session: 1, pair: 0, number: number), side: side, limit: limit,
      trigger: trigger, quantity: quantity, isPostOnly: isPostOnly, submitted: exchange.now)
    return try #require(
      try ask(ExchangeREST.place(OrderWish(order, productID: "BTC-USD"))).order)
  }

  // MARK: - The feed

  /// Says something on a feed.
  func say(_ text: String, on feed: inout Sandbox.ExchangeFeed) throws -> [JSONValue] {
    let message = try JSONValue(parsing: Array(text.utf8))
    return try feed.receive(message, exchange, door, clock: Self.clock).map {
      try JSONValue(parsing: $0.bytes)
    }
  }

  /// What a feed is told of all that has happened since.
  mutating func news(on feed: inout Sandbox.ExchangeFeed) throws -> [JSONValue] {
    var messages: [JSONValue] = []
    for news in exchange.takeNews() {
      for message in feed.tell(news, exchange) {
        // Every message is one that our own client reads.
        _ = try LiveBroker.ExchangeFeed.message(message.bytes)
        messages.append(try JSONValue(parsing: message.bytes))
      }
    }
    return messages
  }
}

import JSON
package import Market
package import Network

/// The sandbox without sockets and without keys: what a client says in, what it is answered out.
///
/// For those who want to know whether any words of a client's can harm it.
package struct SandboxDesk: Sendable {
  private var exchange: SandboxExchange
  private var schedule: CandleSchedule
  private var session: (any FeedSession)?
  private let door: Doorkeeper
  private let clock: Timestamp

  /// A desk before the first candle.
  ///
  /// - Parameters:
  ///   - settings: Of one product.
  ///   - candles: Its candles.
  ///   - clock: What the clock shows, always.
  package init(_ settings: SandboxSettings, candles: [Candle], clock: Timestamp) {
    exchange = SandboxExchange(settings, candles: [candles])
    schedule = CandleSchedule(exchange)
    door = Doorkeeper(SandboxCredentials(), countsRequests: false)
    self.clock = clock
  }

  /// Answers a request as if it was well signed.
  package mutating func answer(_ request: HTTPRequest) -> HTTPResponse {
    defer { publish() }
    return AdvancedAPI.owns(request.path)
      ? AdvancedAPI(permissions: KeyPermissions(), clock: clock).answer(request, &exchange)
      : ExchangeAPI(clock: clock).answer(request, &exchange)
  }

  /// Answers a message of a WebSocket, the first of which says in whose words it is.
  ///
  /// - Returns: How many messages are sent back.
  @discardableResult
  package mutating func hear(_ message: [UInt8]) -> Int {
    guard let message = try? JSONValue(parsing: message),
      var session = session ?? SandboxServer.session(for: message)
    else { return 0 }
    let answers = session.receive(message, exchange, door, clock: clock)
    self.session = session
    return answers.reduce(0) { $0 + ($1.bytes.isEmpty ? 0 : 1) }
  }

  /// Plays to the open of the next candle, or to the end.
  package mutating func playOn() {
    while let time = schedule.nextTime(exchange) {
      for market in schedule.moving(at: time) {
        let (price, isClose) = schedule.step(market)
        exchange.move(market, to: price, at: time)
        arrive(market, size: .zero)
        if isClose { exchange.close(market) }
      }
      var hasOpened = false
      for market in schedule.opening(at: time, exchange) {
        guard let candle = exchange.nextCandle(of: market) else { continue }
        schedule.begin(market, candle)
        exchange.open(market)
        arrive(market, size: candle.volume)
        hasOpened = true
      }
      exchange.announce(time)
      publish()
      if hasOpened { return }
    }
  }

  private mutating func arrive(_ market: Int, size: Quantity) {
    while exchange.step(market) { publish() }
    exchange.printTrade(market, size: size)
    publish()
  }

  private mutating func publish() {
    for item in exchange.takeNews() { _ = session?.tell(item, exchange) }
  }
}

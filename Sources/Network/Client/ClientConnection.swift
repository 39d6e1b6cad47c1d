/// One connection of a client, which carries one exchange at a time.
///
/// Of the loop's thread alone.
final class ClientConnection: ChannelUser {
  let endpoint: Endpoint
  private unowned let pool: ConnectionPool
  private var connector: Connector?
  private(set) var channel: Channel?
  private var parser: HTTPParser
  private var exchange: Exchange?
  private var hasAnswered = false
  private var rest: Deadlines.ID?

  init(to endpoint: Endpoint, in pool: ConnectionPool) {
    self.endpoint = endpoint
    self.pool = pool
    parser = HTTPParser(.responses, limits: pool.limits)
  }

  /// Whether a request can be sent at once: the other side may have closed a moment ago.
  var isOpen: Bool { channel?.isOpen ?? false }

  /// Sends the request, over a connection made first if there is none.
  func carry(_ exchange: Exchange, timeout: Duration) {
    self.exchange = exchange
    exchange.connection = self
    hasAnswered = false
    pool.loop.cancel(rest)
    if channel != nil {
      send()
      return
    }
    connector = Connector(
      on: pool.loop, to: endpoint, tls: pool.tls, timeout: timeout, user: self
    ) { [weak self] result in
      guard let self else { return }
      connector = nil
      switch result {
      case .success(let channel):
        self.channel = channel
        send()
      case .failure(let problem): end(problem)
      }
    }
  }

  /// Nobody needs it for a while.
  func rest(atMost duration: Duration) {
    rest = pool.loop.after(duration) { [weak self] in
      guard let self, exchange == nil else { return }
      close()
      pool.gone(self)
    }
  }

  /// Closes it; nobody is told.
  func close() {
    exchange = nil
    pool.loop.cancel(rest)
    connector?.cancel()
    connector = nil
    channel?.close()
    channel = nil
  }

  /// Ends it, and the exchange on it with a problem.
  func end(_ problem: NetworkError.Problem) {
    let exchange = exchange
    close()
    pool.gone(self)
    if let exchange { pool.finish(exchange, .failure(exchange.error(problem))) }
  }

  private func send() {
    guard let exchange, let channel else { return }
    parser.answersHead = exchange.request.method == .head
    // From the first byte on: a few of them may be all that the other side needs to act.
    exchange.mayHaveArrived = true
    channel.write(exchange.request.bytes(authority: endpoint.authority))
  }

  // MARK: - ChannelUser

  func channelOpened() {}
  func channelDrained() {}

  func channelReceived(_ bytes: UnsafeRawBufferPointer) {
    guard exchange != nil else {
      // Nobody asked: a 408 of a server that is about to close, or nonsense. Either way it goes.
      end(.malformed("an answer to nothing"))
      return
    }
    hasAnswered = true
    parser.feed(bytes)
    do throws(HTTPSyntaxError) {
      if let message = try parser.next() { take(message) }
    } catch {
      end(error.problem)
    }
  }

  func channelClosed(_ end: Channel.End) {
    channel = nil
    let why: String
    switch end {
    case .finished:
      if let message = parser.end() {
        take(message)
        return
      }
      why = "at its end"
    case .broken(let text): why = text
    case .failed(let problem):
      self.end(problem)
      return
    }
    self.end(.closed(hasAnswered ? .inAnswer : .beforeAnswer, why))
  }

  private func take(_ message: HTTPMessage) {
    guard let exchange, case .response(let status) = message.start else { return }
    self.exchange = nil
    let response = HTTPResponse(status, headers: message.headers, body: message.body)
    if message.keepsAlive, parser.waiting == 0, channel != nil, status != 101 {
      pool.finish(exchange, .success(response))
      pool.free(self)
    } else {
      close()
      pool.finish(exchange, .success(response))
      pool.gone(self)
    }
  }
}

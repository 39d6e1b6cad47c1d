/// The connections of a client, and who waits for one.
///
/// `@unchecked Sendable`, because: `HTTPClient` reaches it through `EventLoop.execute` only, so that
/// everything in it happens on the loop's thread; it is constructed before that.
final class ConnectionPool: LoopGuest, @unchecked Sendable {
  private struct Line {
    var idle: [ClientConnection] = []
    var busy: [ClientConnection] = []
    var waiting: [Exchange] = []
  }

  let loop: EventLoop
  let tls: TLSContext
  let limits: HTTPLimits
  private let timeouts: ClientTimeouts
  private let perEndpoint: Int
  private let idle: Duration
  private var lines: [Endpoint: Line] = [:]
  private var isClosed = false

  init(
    on loop: EventLoop, tls: TLSContext, limits: HTTPLimits, timeouts: ClientTimeouts,
    perEndpoint: Int, idle: Duration
  ) {
    self.loop = loop
    self.tls = tls
    self.limits = limits
    self.timeouts = timeouts
    self.perEndpoint = perEndpoint
    self.idle = idle
  }

  func start(_ exchange: Exchange) {
    // It may have been cancelled before it began.
    if exchange.isOver {
      finish(exchange, .failure(exchange.error(.cancelled)))
      return
    }
    if isClosed {
      finish(exchange, .failure(exchange.error(.shutDown)))
      return
    }
    loop.welcome(self)
    exchange.deadline = loop.after((exchange.timeouts ?? timeouts).total) { [weak self] in
      self?.cancel(exchange, .timedOut(.answer))
    }
    lines[exchange.endpoint, default: Line()].waiting.append(exchange)
    serve(exchange.endpoint)
  }

  /// Ends an exchange wherever it is.
  func cancel(_ exchange: Exchange, _ problem: NetworkError.Problem) {
    guard !exchange.isOver else { return }
    guard exchange.continuation != nil else {  // Cancelled before it was started.
      exchange.isOver = true
      return
    }
    let connection = exchange.connection
    finish(exchange, .failure(exchange.error(problem)))
    lines[exchange.endpoint]?.waiting.removeAll { $0 === exchange }
    if let connection {
      connection.close()
      gone(connection)
    }
  }

  /// Gives a connection to everybody who waits, as far as there are any.
  private func serve(_ endpoint: Endpoint) {
    while var line = lines[endpoint], !line.waiting.isEmpty {
      // The one used last: the others may go when it is quiet. One that has ended and does not know it yet
      // would send nothing, and nobody could tell.
      let connection: ClientConnection
      if let kept = line.idle.lastIndex(where: \.isOpen) {
        connection = line.idle.remove(at: kept)
      } else if line.busy.count < perEndpoint {
        connection = ClientConnection(to: endpoint, in: self)
      } else {
        return
      }
      let exchange = line.waiting.removeFirst()
      line.busy.append(connection)
      lines[endpoint] = line
      connection.carry(exchange, timeout: (exchange.timeouts ?? timeouts).connection)
    }
  }

  /// An exchange is over.
  func finish(_ exchange: Exchange, _ answer: Exchange.Answer) {
    exchange.isOver = true
    loop.cancel(exchange.deadline)
    exchange.deadline = nil
    exchange.connection = nil
    exchange.continuation?.resume(returning: answer)
    exchange.continuation = nil
  }

  /// A connection can take the next.
  func free(_ connection: ClientConnection) {
    lines[connection.endpoint]?.busy.removeAll { $0 === connection }
    lines[connection.endpoint]?.idle.append(connection)
    connection.rest(atMost: idle)
    serve(connection.endpoint)
  }

  /// A connection is no more.
  func gone(_ connection: ClientConnection) {
    lines[connection.endpoint]?.busy.removeAll { $0 === connection }
    lines[connection.endpoint]?.idle.removeAll { $0 === connection }
    serve(connection.endpoint)
    if let line = lines[connection.endpoint], line.busy.isEmpty, line.idle.isEmpty,
      line.waiting.isEmpty
    {
      lines[connection.endpoint] = nil
    }
  }

  func loopEnds() {
    isClosed = true
    loop.forget(self)
    let all = lines.values
    lines = [:]
    for line in all {
      for exchange in line.waiting { finish(exchange, .failure(exchange.error(.shutDown))) }
      for connection in line.idle + line.busy { connection.end(.shutDown) }
    }
  }
}

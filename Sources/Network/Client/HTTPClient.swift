/// Sends requests, and keeps connections for the next ones.
///
/// A connection carries one request at a time; more are opened up to a limit for each endpoint, beyond it
/// requests wait in line. Nothing is ever sent twice by itself: a connection that was kept and turns out
/// to be closed is an error that says whether the request may have arrived.
package final class HTTPClient: Sendable {
  private let loop: EventLoop
  private let pool: ConnectionPool

  /// A client on a loop.
  ///
  /// - Throws: `NetworkError` where an authority cannot be read.
  package init(
    on loop: EventLoop, trusting trust: Trust = .system,
    timeouts: ClientTimeouts = ClientTimeouts(),
    limits: HTTPLimits = HTTPLimits(), connectionsPerEndpoint: Int = 8,
    idle: Duration = .seconds(55)
  ) throws(NetworkError) {
    precondition(connectionsPerEndpoint > 0, "a client needs a connection at least")
    self.loop = loop
    pool = ConnectionPool(
      on: loop, tls: try TLSContext(trusting: trust), limits: limits, timeouts: timeouts,
      perEndpoint: connectionsPerEndpoint, idle: idle)
  }

  deinit {
    loop.execute { [pool] in pool.loopEnds() }
  }

  /// Sends a request and waits for the whole answer; a cancelled task ends it.
  ///
  /// - Throws: What went wrong; an answer with any status is none of it.
  package func send(
    _ request: HTTPRequest, to endpoint: Endpoint, timeouts: ClientTimeouts? = nil
  ) async throws(NetworkError) -> HTTPResponse {
    if let defect = request.defect {
      throw NetworkError(.badRequest(defect), at: "\(endpoint)\(request.path)")
    }
    let exchange = Exchange(request, to: endpoint, timeouts: timeouts)
    let result = await withTaskCancellationHandler {
      await withCheckedContinuation { (continuation: CheckedContinuation<Exchange.Answer, Never>) in
        let isTaken = loop.execute { [pool] in
          exchange.continuation = continuation
          pool.start(exchange)
        }
        if !isTaken { continuation.resume(returning: .failure(exchange.error(.shutDown))) }
      }
    } onCancel: {
      loop.execute { [pool] in pool.cancel(exchange, .cancelled) }
    }
    return try result.get()
  }

  /// Sends a request to where an address leads.
  ///
  /// - Throws: What went wrong; an answer with any status is none of it.
  package func send(
    _ method: HTTPMethod, _ address: WebAddress, headers: HTTPHeaders = [:], body: [UInt8] = []
  ) async throws(NetworkError) -> HTTPResponse {
    try await send(
      HTTPRequest(method, address.target, headers: headers, body: body), to: address.endpoint)
  }

  /// Closes all connections; requests under way end with `shutDown`.
  package func close() async {
    await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
      let isTaken = loop.execute { [pool] in
        pool.loopEnds()
        continuation.resume()
      }
      if !isTaken { continuation.resume() }
    }
  }
}

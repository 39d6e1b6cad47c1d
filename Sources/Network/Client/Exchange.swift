/// A request and what is to become of it.
///
/// `@unchecked Sendable`, because: `request`, `endpoint` and `timeouts` never change, and everything else
/// is touched in closures of `EventLoop.execute` and what they call, on the loop's thread.
final class Exchange: @unchecked Sendable {
  typealias Answer = Result<HTTPResponse, NetworkError>

  let request: HTTPRequest
  let endpoint: Endpoint
  let timeouts: ClientTimeouts?

  var continuation: CheckedContinuation<Answer, Never>?
  var deadline: Deadlines.ID?
  var connection: ClientConnection?
  var mayHaveArrived = false
  var isOver = false

  init(_ request: HTTPRequest, to endpoint: Endpoint, timeouts: ClientTimeouts?) {
    self.request = request
    self.endpoint = endpoint
    self.timeouts = timeouts
  }

  /// An error about it; the query is left out, which may hold what is nobody's business.
  func error(_ problem: NetworkError.Problem) -> NetworkError {
    NetworkError(
      problem, at: "\(request.method.rawValue) \(endpoint)\(request.path)",
      mayHaveArrived: mayHaveArrived)
  }
}

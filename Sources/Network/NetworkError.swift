/// Why something on the network did not come about, and whether the other side may know of it.
package struct NetworkError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What went wrong.
  package enum Problem: Error, Hashable, Sendable {
    /// The address is none.
    case badAddress(String)
    /// The request or message may not be sent like this.
    case badRequest(String)
    /// No such host, or nobody who knows.
    case unresolved(String)
    /// Nobody took the connection.
    case unreachable(String)
    /// The certificate of the other side is not to be trusted.
    case untrusted(String)
    /// TLS failed otherwise.
    case tls(String)
    /// A certificate, key or authority of ours cannot be used.
    case badCertificate(String)
    /// Something took too long.
    case timedOut(Wait)
    /// The other side closed or reset the connection.
    case closed(Moment, String)
    /// More bytes than allowed.
    case tooLarge(Part, limit: Int)
    /// The other side does not keep to the protocol.
    case malformed(String)
    /// A WebSocket was asked for, and an ordinary answer came.
    case notUpgraded(status: Int)
    /// The port cannot be listened on.
    case cannotListen(String)
    /// The task that waited was cancelled.
    case cancelled
    /// Our own side has been closed or shut down.
    case shutDown
  }

  /// What was waited for.
  package enum Wait: Hashable, Sendable {
    /// Resolving, connecting and TLS.
    case connection
    /// The whole answer.
    case answer
    /// Any sign of life of a WebSocket.
    case signOfLife
  }

  /// When a connection was lost.
  package enum Moment: Hashable, Sendable {
    /// Before all of the request was handed to the system.
    case beforeRequest
    /// After the request, before anything of the answer.
    case beforeAnswer
    /// In the middle of the answer.
    case inAnswer
    /// In a WebSocket that did not say goodbye.
    case inSession
  }

  /// What was too large.
  package enum Part: Hashable, Sendable {
    /// Start line and headers.
    case head
    /// The body of an answer or request.
    case body
    /// A message of a WebSocket.
    case message
  }

  /// What went wrong.
  package let problem: Problem
  /// Where: `https://api.example.com:443`, for instance.
  package let place: String
  /// Whether anything that was to be sent may have reached the other side.
  ///
  /// `false` is certain: the same request may be sent again. After `true` it must be found out first what
  /// became of it.
  package let mayHaveArrived: Bool

  package init(_ problem: Problem, at place: String, mayHaveArrived: Bool = false) {
    self.problem = problem
    self.place = place
    self.mayHaveArrived = mayHaveArrived
  }

  /// One line for the user: where, what, and what to do.
  package var description: String {
    let fate =
      switch problem {
      case .badAddress, .badRequest, .badCertificate, .cannotListen: ""
      case .unresolved, .unreachable, .untrusted, .tls, .timedOut, .closed, .tooLarge, .malformed,
        .notUpgraded, .cancelled, .shutDown:
        mayHaveArrived ? " What was sent may have arrived." : " Nothing was sent."
      }
    return "\(place): \(problem.text)\(fate)"
  }
}

extension NetworkError.Problem {
  /// What it is, and what to do.
  fileprivate var text: String {
    switch self {
    case .badAddress(let why): "\(why). Write it as https://host:port/path."
    case .badRequest(let why): "\(why). Nothing was sent."
    case .unresolved(let why): "the host is not found (\(why)). Check its name and the network."
    case .unreachable(let why):
      "no connection (\(why)). Check host and port, and whether the server runs."
    case .untrusted(let why):
      "the server's certificate is not trusted (\(why)). Add its authority if it is your own; do not "
        + "go on if it is not."
    case .tls(let why): "TLS failed (\(why)). Check that the port speaks TLS 1.2 or later."
    case .badCertificate(let why): "\(why). Give it as PEM, whole."
    case .timedOut(.connection): "no connection in time. Check the network, or raise the timeout."
    case .timedOut(.answer): "no whole answer in time. Check the network, or raise the timeout."
    case .timedOut(.signOfLife): "the connection went silent. Connect again."
    case .closed(.beforeRequest, let why):
      "the connection was closed before the request was sent (\(why)). Send it again."
    case .closed(.beforeAnswer, let why):
      "the connection was closed before the answer (\(why)). Ask what became of the request."
    case .closed(.inAnswer, let why):
      "the connection was closed in the middle of the answer (\(why)). Ask what became of the request."
    case .closed(.inSession, let why): "the connection was lost (\(why)). Connect again."
    case .tooLarge(.head, let limit):
      "headers of more than \(limit) bytes. Raise the limit if they are meant."
    case .tooLarge(.body, let limit):
      "a body of more than \(limit) bytes. Raise the limit if it is meant."
    case .tooLarge(.message, let limit):
      "a message of more than \(limit) bytes. Raise the limit if it is meant."
    case .malformed(let why):
      "not what the protocol allows (\(why)). Check that the address is right."
    case .notUpgraded(let status):
      "no WebSocket there, the server answered \(status). Check the path."
    case .cannotListen(let why): "cannot listen (\(why)). Take another port, or 0 for any."
    case .cancelled: "cancelled."
    case .shutDown: "closed on our side."
    }
  }
}

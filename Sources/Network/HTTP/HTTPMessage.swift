/// A whole message, as a parser makes it out.
struct HTTPMessage: Hashable, Sendable {
  /// The first line.
  enum Start: Hashable, Sendable {
    case request(method: String, target: String)
    case response(status: Int)
  }

  var start: Start
  /// 1 in HTTP/1.1.
  var minorVersion: Int
  var headers: HTTPHeaders
  var body: [UInt8] = []
  /// Whether it ends with the connection.
  var endsWithConnection = false

  /// Whether another message may follow on the same connection.
  var keepsAlive: Bool {
    guard !endsWithConnection, !headers.list("Connection", has: "close") else { return false }
    return minorVersion >= 1 || headers.list("Connection", has: "keep-alive")
  }
}

/// What is wrong with the bytes of a message.
enum HTTPSyntaxError: Error, Hashable, Sendable {
  case malformed(String)
  case tooLarge(NetworkError.Part, limit: Int)
  /// A transfer coding other than `chunked`.
  case unsupported(String)
}

extension HTTPSyntaxError {
  /// What a client says of it.
  var problem: NetworkError.Problem {
    switch self {
    case .malformed(let why), .unsupported(let why): .malformed(why)
    case .tooLarge(let part, let limit): .tooLarge(part, limit: limit)
    }
  }
}

import JSON
import Market
import Network

/// Answers of the Exchange; coinbase.md B.2.
enum ExchangeAnswer {
  /// A JSON body.
  static func json(
    _ tree: JSONTree, status: Int = 200, headers: HTTPHeaders = [:]
  ) -> HTTPResponse {
    var headers = headers
    headers["Content-Type"] = "application/json; charset=utf-8"
    return HTTPResponse(status, headers: headers, body: tree.bytes)
  }

  /// An error, in the only shape that there is.
  static func error(_ status: Int, _ message: String) -> HTTPResponse {
    json(.object([("message", .string(message))]), status: status)
  }

  /// A path or a thing that there is not.
  static var notFound: HTTPResponse { error(404, "NotFound") }
}

/// What is wrong with a request to the Exchange, as its answer.
struct ExchangeDefect: Error, Hashable, Sendable {
  var status = 400
  var message: String

  init(_ message: String, status: Int = 400) {
    self.message = message
    self.status = status
  }

  var response: HTTPResponse { ExchangeAnswer.error(status, message) }
}

extension ExactDecimal {
  /// With at least so many decimals, as the Exchange writes amounts; none is cut.
  func text(decimals: Int) -> JSONTree {
    let text = description
    let parts = text.split(separator: ".", maxSplits: 1)
    let missing = decimals - (parts.count == 2 ? parts[1].utf8.count : 0)
    guard missing > 0 else { return .string(text) }
    return .string(text + (parts.count == 2 ? "" : ".") + String(repeating: "0", count: missing))
  }
}

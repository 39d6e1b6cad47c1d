import JSON
import Network

/// Answers of Advanced Trade; coinbase.md A.11.
enum AdvancedAnswer {
  /// A JSON body.
  static func json(_ tree: JSONTree, status: Int = 200) -> HTTPResponse {
    HTTPResponse(
      status, headers: ["Content-Type": "application/json; charset=utf-8"], body: tree.bytes)
  }

  /// What was asked for makes no sense.
  static func invalid(_ message: String, details: String? = nil) -> HTTPResponse {
    error(400, "INVALID_ARGUMENT", message, details: details ?? message)
  }

  /// There is no such thing.
  static func notFound(_ message: String) -> HTTPResponse {
    error(404, "NOT_FOUND", message, details: message)
  }

  static func error(
    _ status: Int, _ name: String, _ message: String, details: String
  ) -> HTTPResponse {
    json(
      .object([
        ("error", .string(name)), ("error_details", .string(details)),
        ("message", .string(message)),
      ]), status: status)
  }
}

/// What is wrong with a request, as its answer.
struct BadRequest: Error {
  let message: String
  var details: String?

  init(_ message: String, details: String? = nil) {
    self.message = message
    self.details = details
  }

  var response: HTTPResponse { AdvancedAnswer.invalid(message, details: details) }
}

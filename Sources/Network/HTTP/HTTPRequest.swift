/// A request, on either side.
package struct HTTPRequest: Hashable, Sendable {
  package var method: HTTPMethod
  /// Path and query as on the wire: what is signed is exactly this.
  package var target: String
  package var headers: HTTPHeaders
  package var body: [UInt8]

  package init(
    _ method: HTTPMethod, _ target: String, headers: HTTPHeaders = [:], body: [UInt8] = []
  ) {
    self.method = method
    self.target = target
    self.headers = headers
    self.body = body
  }

  /// The target up to its `?`, as it is written.
  package var path: String { String(target.prefix { $0 != "?" }) }

  /// The target behind its `?`, as it is written; empty without one.
  package var query: String { String(target.drop { $0 != "?" }.dropFirst()) }

  /// The names and values of the query, in their order, with `%20` and `+` decoded.
  package var queryItems: [(name: String, value: String)] {
    query.split(separator: "&").map { item in
      let parts = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      return (
        PercentEncoding.decoded(parts[0]), parts.count == 2 ? PercentEncoding.decoded(parts[1]) : ""
      )
    }
  }

  /// Why it may not be sent, if it may not.
  var defect: String? {
    guard target.hasPrefix("/"), WebAddress.isTarget(target) else {
      return "'\(target)' is no path with a query"
    }
    return headers.defect
  }

  /// What goes over the wire; `Host` and `Content-Length` are ours to say.
  func bytes(authority: String) -> [UInt8] {
    var headers = headers
    headers["Host"] = nil
    headers["Content-Length"] = nil
    headers["Transfer-Encoding"] = nil
    var text = "\(method.rawValue) \(target) HTTP/1.1\r\nHost: \(authority)\r\n"
    for field in headers.fields { text += "\(field.name): \(field.value)\r\n" }
    switch method {
    case .post, .put, .patch: text += "Content-Length: \(body.count)\r\n"
    case .get, .head, .delete, .options:
      if !body.isEmpty { text += "Content-Length: \(body.count)\r\n" }
    }
    return Array((text + "\r\n").utf8) + body
  }
}

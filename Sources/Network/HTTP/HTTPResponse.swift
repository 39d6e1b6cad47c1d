/// An answer, on either side.
package struct HTTPResponse: Sendable {
  /// What becomes of an answer on its way out; a server that rehearses faults uses the others.
  package enum Delivery: Hashable, Sendable {
    /// It is sent.
    case whole
    /// The connection is closed after so many bytes, head included; after 0 the answer is lost.
    case cut(after: Int)
  }

  /// 100 to 599.
  package var status: Int
  package var headers: HTTPHeaders
  package var body: [UInt8]
  package var delivery = Delivery.whole
  /// Takes the connection over as a WebSocket, where the server's answer is that it may become one.
  package var session: (@Sendable (WebSocket) async -> Void)?

  package init(_ status: Int, headers: HTTPHeaders = [:], body: [UInt8] = []) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  /// Yes to a WebSocket: the closure has it until it returns, then it is closed with 1000.
  package static func webSocket(
    headers: HTTPHeaders = [:], _ session: @escaping @Sendable (WebSocket) async -> Void
  ) -> HTTPResponse {
    var response = HTTPResponse(101, headers: headers)
    response.session = session
    return response
  }

  /// Lets the connection break when so many bytes of the body are sent.
  package mutating func breakOff(after count: Int) {
    delivery = .cut(after: bytes(toHead: true, keepAlive: true).count + count)
  }

  /// What goes over the wire.
  func bytes(toHead isHead: Bool, keepAlive: Bool) -> [UInt8] {
    var headers = headers
    headers["Content-Length"] = nil
    headers["Transfer-Encoding"] = nil
    var text = "HTTP/1.1 \(status) \(Self.reason(of: status))\r\n"
    for field in headers.fields { text += "\(field.name): \(field.value)\r\n" }
    let hasBody = status >= 200 && status != 204 && status != 304
    if hasBody { text += "Content-Length: \(body.count)\r\n" }
    if status >= 200 { text += keepAlive ? "Connection: keep-alive\r\n" : "Connection: close\r\n" }
    return Array((text + "\r\n").utf8) + (hasBody && !isHead ? body : [])
  }

  private static func reason(of status: Int) -> String {
    switch status {
    case 101: "Switching Protocols"
    case 200: "OK"
    case 201: "Created"
    case 204: "No Content"
    case 400: "Bad Request"
    case 401: "Unauthorized"
    case 403: "Forbidden"
    case 404: "Not Found"
    case 405: "Method Not Allowed"
    case 408: "Request Timeout"
    case 413: "Content Too Large"
    case 426: "Upgrade Required"
    case 429: "Too Many Requests"
    case 431: "Request Header Fields Too Large"
    case 500: "Internal Server Error"
    case 501: "Not Implemented"
    case 502: "Bad Gateway"
    case 503: "Service Unavailable"
    case 504: "Gateway Timeout"
    default: "Status"
    }
  }
}

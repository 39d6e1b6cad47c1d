import COpenSSL

/// How an HTTP connection becomes a WebSocket.
enum WebSocketHandshake {
  /// A new key for the header `Sec-WebSocket-Key`.
  static func makeKey() -> String {
    var random = SystemRandomNumberGenerator()
    return base64((0..<16).map { _ in UInt8.random(in: .min ... .max, using: &random) })
  }

  /// What the server must answer to a key.
  static func accept(for key: String) -> String {
    let text = Array((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").utf8)
    var digest = [UInt8](repeating: 0, count: 20)
    EVP_Digest(text, text.count, &digest, nil, EVP_sha1(), nil)
    return base64(digest)
  }

  /// The headers of a request for one.
  static func request(key: String, adding headers: HTTPHeaders) -> HTTPHeaders {
    var headers = headers
    headers["Upgrade"] = "websocket"
    headers["Connection"] = "Upgrade"
    headers["Sec-WebSocket-Key"] = key
    headers["Sec-WebSocket-Version"] = "13"
    return headers
  }

  /// The key of a request for one; nil if it is none.
  static func key(of request: HTTPRequest) -> String? {
    guard request.method == .get, request.headers.list("Upgrade", has: "websocket"),
      request.headers.list("Connection", has: "upgrade"),
      request.headers["Sec-WebSocket-Version"] == "13",
      let key = request.headers["Sec-WebSocket-Key"], key.utf8.count == 24
    else { return nil }
    return key
  }

  /// Whether an answer is the right one.
  static func isAccepted(_ message: HTTPMessage, key: String) -> Bool {
    message.start == .response(status: 101)
      && message.headers.list("Upgrade", has: "websocket")
      && message.headers.list("Connection", has: "upgrade")
      && message.headers["Sec-WebSocket-Accept"] == accept(for: key)
  }

  private static func base64(_ bytes: [UInt8]) -> String {
    var text = [UInt8](repeating: 0, count: (bytes.count + 2) / 3 * 4 + 1)
    let count = EVP_EncodeBlock(&text, bytes, Int32(bytes.count))
    return String(decoding: text.prefix(Int(count)), as: UTF8.self)
  }
}

/// What is said over a WebSocket.
package enum WebSocketMessage: Hashable, Sendable {
  case text(String)
  case binary([UInt8])
  /// A wish for a sign of life, of at most 125 bytes; handed on only where `answersPings` is off.
  case ping([UInt8])
  /// The answer to a ping, with its bytes; handed on only where `showsPongs` is on.
  case pong([UInt8])

  /// How much room it takes.
  var size: Int {
    switch self {
    case .text(let text): text.utf8.count
    case .binary(let bytes), .ping(let bytes), .pong(let bytes): bytes.count
    }
  }
}

/// How a WebSocket was closed.
package struct WebSocketClosing: Hashable, Sendable {
  /// 1000 is normal, 1001 going away; 1005 where the other side gave none.
  package let code: UInt16
  package let reason: String

  package init(_ code: UInt16, _ reason: String = "") {
    self.code = code
    self.reason = reason
  }

  /// Whether a code may be sent at all.
  static func isSendable(_ code: UInt16) -> Bool {
    switch code {
    case 1000...1003, 1007...1014, 3000...4999: true
    default: false
    }
  }
}

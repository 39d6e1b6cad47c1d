/// Makes messages out of the bytes of a WebSocket (RFC 6455), however they are cut; reads no socket.
struct WebSocketDecoder {
  /// What came.
  enum Event: Hashable {
    case message(WebSocketMessage)
    case ping([UInt8])
    case pong([UInt8])
    case close(WebSocketClosing)
  }

  /// What the other side did that it may not, and the code to close with.
  struct Fault: Error, Hashable {
    let code: UInt16
    let why: String
    var limit: Int?
  }

  private let isServer: Bool
  private let limit: Int
  private var bytes: [UInt8] = []
  private var position = 0
  private var parts: [UInt8] = []
  private var kind: UInt8?

  /// `isServer`: whether it listens to clients, whose frames are masked; a server's must not be.
  init(isServer: Bool, limit: Int) {
    self.isServer = isServer
    self.limit = limit
  }

  /// Bytes fed and not yet in an event.
  var waiting: Int { bytes.count - position }

  mutating func feed(_ more: [UInt8]) { more.withUnsafeBytes { feed($0) } }

  /// More bytes of the stream.
  mutating func feed(_ more: UnsafeRawBufferPointer) {
    if position > 0, position == bytes.count || position > 65_536 {
      bytes.removeFirst(position)
      position = 0
    }
    bytes.append(contentsOf: more)
  }

  /// The next event; nil until it is whole.
  mutating func next() throws(Fault) -> Event? {
    while let frame = try frame() {
      if frame.opcode >= 8 { return try control(frame) }
      if frame.opcode == 0 {
        guard kind != nil else { throw Fault(code: 1002, why: "a continuation of nothing") }
      } else {
        guard kind == nil else { throw Fault(code: 1002, why: "a message within a message") }
        kind = frame.opcode
      }
      if parts.isEmpty { parts = frame.payload } else { parts += frame.payload }
      guard frame.isLast else { continue }
      defer {
        kind = nil
        parts = []
      }
      if kind == 2 { return .message(.binary(parts)) }
      guard let text = String(validating: parts, as: UTF8.self) else {
        throw Fault(code: 1007, why: "a text that is no UTF-8")
      }
      return .message(.text(text))
    }
    return nil
  }

  private struct Frame {
    let opcode: UInt8
    let isLast: Bool
    let payload: [UInt8]
  }

  private mutating func frame() throws(Fault) -> Frame? {
    guard waiting >= 2 else { return nil }
    let first = bytes[position]
    let second = bytes[position + 1]
    let opcode = first & 0x0f
    let isLast = first & 0x80 != 0
    guard first & 0x70 == 0 else { throw Fault(code: 1002, why: "an extension nobody agreed on") }
    guard [0, 1, 2, 8, 9, 10].contains(opcode) else {
      throw Fault(code: 1002, why: "a frame of unknown kind")
    }
    guard (second & 0x80 != 0) == isServer else {
      throw Fault(code: 1002, why: isServer ? "a frame without a mask" : "a masked frame")
    }
    var header = 2
    var length = UInt64(second & 0x7f)
    if opcode >= 8, length > 125 || !isLast {
      throw Fault(code: 1002, why: "a control frame too long or in pieces")
    }
    if length >= 126 {
      let count = length == 126 ? 2 : 8
      guard waiting >= 2 + count else { return nil }
      length = bytes[(position + 2)..<(position + 2 + count)].reduce(0) { $0 << 8 | UInt64($1) }
      header += count
    }
    guard opcode >= 8 || length <= UInt64(max(0, limit - parts.count)) else {
      throw Fault(code: 1009, why: "a message of more than \(limit) bytes", limit: limit)
    }
    if isServer { header += 4 }
    let count = Int(length)
    guard waiting >= header + count else { return nil }
    let start = position + header
    var payload = Array(bytes[start..<(start + count)])
    if isServer { WebSocketFrame.mask(&payload, with: Array(bytes[(start - 4)..<start])) }
    position = start + count
    return Frame(opcode: opcode, isLast: isLast, payload: payload)
  }

  private func control(_ frame: Frame) throws(Fault) -> Event {
    switch frame.opcode {
    case 9: return .ping(frame.payload)
    case 10: return .pong(frame.payload)
    default: break
    }
    guard frame.payload.count >= 2 else {
      guard frame.payload.isEmpty else { throw Fault(code: 1002, why: "half a close code") }
      return .close(WebSocketClosing(1005))
    }
    let code = UInt16(frame.payload[0]) << 8 | UInt16(frame.payload[1])
    guard WebSocketClosing.isSendable(code),
      let reason = String(validating: frame.payload[2...], as: UTF8.self)
    else { throw Fault(code: 1002, why: "a close code that is none") }
    return .close(WebSocketClosing(code, reason))
  }
}

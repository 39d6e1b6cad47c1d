/// Writes the frames of a WebSocket (RFC 6455), each message in one.
enum WebSocketFrame {
  enum Kind: UInt8 {
    case text = 1
    case binary = 2
    case close = 8
    case ping = 9
    case pong = 10
  }

  /// A frame; `mask` on a client's, four bytes that nobody can foresee.
  static func bytes(_ kind: Kind, _ payload: [UInt8], mask: [UInt8]?) -> [UInt8] {
    var bytes: [UInt8] = [0x80 | kind.rawValue]
    bytes.reserveCapacity(payload.count + 14)
    let flag: UInt8 = mask == nil ? 0 : 0x80
    switch payload.count {
    case ..<126: bytes.append(flag | UInt8(payload.count))
    case ..<65_536:
      bytes += [flag | 126, UInt8(payload.count >> 8), UInt8(payload.count & 0xff)]
    default:
      bytes.append(flag | 127)
      for shift in stride(from: 56, through: 0, by: -8) {
        bytes.append(UInt8(truncatingIfNeeded: payload.count >> shift))
      }
    }
    guard let mask else { return bytes + payload }
    var masked = payload
    Self.mask(&masked, with: mask)
    return bytes + mask + masked
  }

  /// What a close frame says; as much of the reason as fits.
  static func closing(_ closing: WebSocketClosing) -> [UInt8] {
    guard closing.code != 1005 else { return [] }
    var reason = closing.reason
    while reason.utf8.count > 123 { reason.removeLast() }
    return [UInt8(closing.code >> 8), UInt8(closing.code & 0xff)] + Array(reason.utf8)
  }

  /// Puts a mask on, or takes it off.
  static func mask(_ payload: inout [UInt8], with mask: [UInt8]) {
    let (a, b, c, d) = (mask[0], mask[1], mask[2], mask[3])
    payload.withUnsafeMutableBufferPointer { payload in
      var index = 0
      while index + 3 < payload.count {
        payload[index] ^= a
        payload[index + 1] ^= b
        payload[index + 2] ^= c
        payload[index + 3] ^= d
        index += 4
      }
      while index < payload.count {
        payload[index] ^= mask[index & 3]
        index += 1
      }
    }
  }
}

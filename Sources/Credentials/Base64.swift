/// Bytes as text; RFC 4648, section 4.
enum Base64 {
  /// The bytes that a text stands for; white space is skipped, as line ends in a file are.
  ///
  /// - Returns: `nil` where it is no base64, or ends within a byte.
  static func decode(_ text: String) -> [UInt8]? {
    var bytes: [UInt8] = []
    var (bits, count, padding) = (UInt32(0), 0, 0)
    for character in text.utf8 {
      let value: UInt8
      switch character {
      case 9, 10, 13, 32: continue
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): value = character - 65
      case UInt8(ascii: "a")...UInt8(ascii: "z"): value = character - 97 + 26
      case UInt8(ascii: "0")...UInt8(ascii: "9"): value = character - 48 + 52
      case UInt8(ascii: "+"): value = 62
      case UInt8(ascii: "/"): value = 63
      case UInt8(ascii: "="):
        padding += 1
        continue
      default: return nil
      }
      guard padding == 0 else { return nil }
      bits = bits << 6 | UInt32(value)
      count += 1
      if count % 4 == 0 {
        bytes += [UInt8(truncatingIfNeeded: bits >> 16), UInt8(truncatingIfNeeded: bits >> 8)]
        bytes.append(UInt8(truncatingIfNeeded: bits))
      }
    }
    // What is left over ends in bits that are 0, or something is missing.
    switch (count % 4, padding) {
    case (0, 0): return bytes
    case (2, 0), (2, 2):
      guard bits & 0xf == 0 else { return nil }
      return bytes + [UInt8(truncatingIfNeeded: bits >> 4)]
    case (3, 0), (3, 1):
      guard bits & 0x3 == 0 else { return nil }
      return bytes + [UInt8(truncatingIfNeeded: bits >> 10), UInt8(truncatingIfNeeded: bits >> 2)]
    default: return nil  // Not our enum: all other counts are wrong.
    }
  }
}

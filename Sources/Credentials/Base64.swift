/// Bytes as text; RFC 4648, sections 4 and 5.
package enum Base64 {
  /// Which 64 characters, and whether the end is padded.
  package enum Alphabet: Sendable {
    /// With `+` and `/`, padded with `=`.
    case standard
    /// With `-` and `_` and without padding, as tokens have it; RFC 7515.
    case web
  }

  private static let letters = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)

  /// The text that stands for bytes.
  package static func encode(_ bytes: some Collection<UInt8>, _ alphabet: Alphabet) -> String {
    let characters = letters + Array((alphabet == .web ? "-_" : "+/").utf8)
    var text: [UInt8] = []
    text.reserveCapacity(bytes.count / 3 * 4 + 4)
    var (bits, count) = (UInt32(0), 0)
    for byte in bytes {
      bits = bits << 8 | UInt32(byte)
      count += 1
      guard count % 3 == 0 else { continue }
      for shift in [18, 12, 6, 0] { text.append(characters[Int(bits >> UInt32(shift) & 63)]) }
      bits = 0
    }
    switch count % 3 {
    case 1: text += [characters[Int(bits >> 2 & 63)], characters[Int(bits << 4 & 63)]]
    case 2:
      text += [
        characters[Int(bits >> 10 & 63)], characters[Int(bits >> 4 & 63)],
        characters[Int(bits << 2 & 63)],
      ]
    default: break  // Nothing is left over.
    }
    if alphabet == .standard {
      while text.count % 4 != 0 { text.append(UInt8(ascii: "=")) }
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// The bytes of a part of a token: no padding, no white space, nothing of the other alphabet.
  ///
  /// - Returns: `nil` where it is none.
  package static func decodeWeb(_ text: some StringProtocol) -> [UInt8]? {
    var standard = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "-": standard.unicodeScalars.append("+")
      case "_": standard.unicodeScalars.append("/")
      case "+", "/", "=", " ", "\n", "\r", "\t": return nil
      default: standard.unicodeScalars.append(scalar)
      }
    }
    return decode(standard)
  }

  /// The bytes that a text stands for; white space is skipped, as line ends in a file are.
  ///
  /// - Returns: `nil` where it is no base64, or ends within a byte.
  package static func decode(_ text: String) -> [UInt8]? {
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

/// A signature of ECDSA on P-256, between its two spellings.
///
/// libcrypto speaks DER, of up to 72 bytes; tokens want the two numbers side by side, 64 bytes
/// (RFC 7518, 3.4). Reading DER is strict, as X.690 wants it: one spelling for each number.
struct ECDSASignature: Hashable, Sendable {
  /// `r` and then `s`, 32 bytes each, the greatest digit first.
  let raw: [UInt8]

  /// Takes the 64 bytes of a token; `nil` where there are more or fewer.
  init?(raw: [UInt8]) {
    guard raw.count == 64 else { return nil }
    self.raw = raw
  }

  /// Reads a SEQUENCE of two INTEGERs; `nil` where it is none, or a number is negative or too large.
  init?(der: [UInt8]) {
    guard der.count >= 2, der[0] == 0x30, der.count < 0x80, Int(der[1]) == der.count - 2 else {
      return nil
    }
    var rest = der[2...]
    guard let first = Self.takeNumber(from: &rest), let second = Self.takeNumber(from: &rest),
      rest.isEmpty
    else { return nil }
    raw = first + second
  }

  /// The signature as libcrypto reads it.
  var der: [UInt8] {
    let numbers = Self.integer(raw[..<32]) + Self.integer(raw[32...])
    return [0x30, UInt8(numbers.count)] + numbers
  }

  private static func takeNumber(from bytes: inout ArraySlice<UInt8>) -> [UInt8]? {
    guard bytes.count >= 3, bytes.removeFirst() == 0x02 else { return nil }
    let count = Int(bytes.removeFirst())
    guard (1...33).contains(count), bytes.count >= count else { return nil }
    var digits = bytes.prefix(count)
    bytes.removeFirst(count)
    guard let first = digits.first, first < 0x80 else { return nil }
    if first == 0, count > 1 {
      digits.removeFirst()
      // A leading zero is there for the sign alone.
      guard let next = digits.first, next >= 0x80 else { return nil }
    }
    guard digits.count <= 32 else { return nil }
    return [UInt8](repeating: 0, count: 32 - digits.count) + digits
  }

  private static func integer(_ number: ArraySlice<UInt8>) -> [UInt8] {
    var digits = Array(number.drop { $0 == 0 })
    if digits.isEmpty || digits[0] >= 0x80 { digits.insert(0, at: 0) }
    return [0x02, UInt8(digits.count)] + digits
  }
}

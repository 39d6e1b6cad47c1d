/// Reads the plain fields of a row from left to right: digits eight at a time, the rest bytewise.
///
/// It decides nothing. What it does not know gives `nil`, and the caller leaves the row to those
/// who know all forms. Unsafe, and so kept small: it never passes a NUL byte, and the caller
/// promises one, with `CSVReader.margin` readable bytes from there on.
package struct PlainText {
  /// The next byte.
  package private(set) var position: UnsafeRawPointer

  @inline(__always)
  package init(at position: UnsafeRawPointer) { self.position = position }

  /// Steps over `byte`; `false` where another one stands there.
  @inline(__always)
  mutating func skip(_ byte: UInt8) -> Bool {
    guard position.load(as: UInt8.self) == byte else { return false }
    position += 1
    return true
  }

  /// Steps over LF or CRLF.
  @inline(__always)
  mutating func skipLineEnd() -> Bool {
    if skip(UInt8(ascii: "\n")) { return true }
    return skip(UInt8(ascii: "\r")) && skip(UInt8(ascii: "\n"))
  }

  /// A whole number of at most 19 digits, without sign.
  @inline(__always)
  package mutating func wholeNumber() -> UInt64? {
    var run = EightDigits(at: position)
    guard run.count > 0 else { return nil }
    position += run.count
    var value = run.value
    guard run.count == 8 else { return value }
    var room = 11
    repeat {
      run = EightDigits(at: position)
      guard run.count <= room else { return nil }
      if run.count > 0 { value = value &* run.unit &+ run.value }
      position += run.count
      room -= run.count
    } while run.count == 8
    return value
  }

  /// Digits, and perhaps a point with 1 to 8 more, in whole units and steps of 1e-8.
  @inline(__always)
  package mutating func decimal() -> (whole: UInt64, steps: UInt64)? {
    guard let whole = wholeNumber() else { return nil }
    guard skip(UInt8(ascii: ".")) else { return (whole, 0) }
    let run = EightDigits(at: position)
    guard run.count > 0 else { return nil }
    position += run.count
    return (whole, run.fraction)
  }

  /// Digits beyond those that `decimal` reads: `true` where one of them is not 0.
  @inline(__always)
  package mutating func skipDigits() -> Bool {
    var isSignificant = false
    while case let digit = position.load(as: UInt8.self) &- UInt8(ascii: "0"), digit < 10 {
      if digit > 0 { isSignificant = true }
      position += 1
    }
    return isSignificant
  }

  /// A field of any bytes but quotes, line ends and NUL; `nil` where one of those comes first.
  mutating func field(until delimiter: UInt8, isLast: Bool) -> UnsafeRawBufferPointer? {
    let start = position
    while true {
      let byte = position.load(as: UInt8.self)
      switch byte {
      case delimiter where !isLast, UInt8(ascii: "\n") where isLast,
        UInt8(ascii: "\r") where isLast:
        return UnsafeRawBufferPointer(start: start, count: position - start)
      case 0, delimiter, UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "\""):
        return nil
      default:
        position += 1
      }
    }
  }
}

/// As many of the next eight bytes as are digits, handled as one word.
///
/// A digit's low half is its value, so after one XOR each byte is 0 to 9 exactly where it was a
/// digit. Three multiplications then join neighbours: 8 × 1 digit, 4 × 2, 2 × 4, 1 × 8.
struct EightDigits {
  /// How many digits come before the first other byte: 0 to 8.
  let count: Int
  private let word: UInt64

  @inline(__always)
  init(at position: UnsafeRawPointer) {
    let bytes = UInt64(littleEndian: position.loadUnaligned(as: UInt64.self))
    word = bytes ^ 0x3030_3030_3030_3030
    // 10 + 0x76 reaches the byte's top bit. A carry out of a byte only changes those behind it.
    let others = ((word &+ 0x7676_7676_7676_7676) | word) & 0x8080_8080_8080_8080
    count = others.trailingZeroBitCount >> 3
  }

  /// The number that the digits are; there must be one.
  @inline(__always)
  var value: UInt64 { Self.joined(word &<< (64 &- 8 &* UInt64(count))) }

  /// The number of 1e-8 that the digits are behind a point; there must be one.
  @inline(__always)
  var fraction: UInt64 { Self.joined(word & (.max &>> (64 &- 8 &* UInt64(count)))) }

  /// `10^count`.
  var unit: UInt64 {
    var unit: UInt64 = 1
    for _ in 0..<count { unit &*= 10 }
    return unit
  }

  @inline(__always)
  private static func joined(_ word: UInt64) -> UInt64 {
    let pairs = (word &* 10 &+ (word &>> 8)) & 0x00FF_00FF_00FF_00FF
    let fours = (pairs &* 100 &+ (pairs &>> 16)) & 0x0000_FFFF_0000_FFFF
    return (fours &* 10_000 &+ (fours &>> 32)) & 0xFFFF_FFFF
  }
}

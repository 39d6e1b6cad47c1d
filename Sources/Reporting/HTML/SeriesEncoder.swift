/// Writes whole numbers as base64 of variable-length bytes, for the page's script.
///
///     number ──▶ zigzag: 0, −1, 1, −2 … become 0, 1, 2, 3 … ──▶ 7 bits a byte, the lowest first,
///     the eighth set where more follow
///
/// Differences between neighbours are small, so that a candle of exact figures takes about 12 bytes.
struct SeriesEncoder {
  private var base64 = Base64Encoder()

  /// Writes a number.
  mutating func append(_ number: some FixedWidthInteger & SignedInteger, to block: inout TextBlock)
  {
    let wide = Int128(number)
    var rest = UInt128(bitPattern: (wide << 1) ^ (wide >> 127))
    while rest > 127 {
      base64.append(UInt8(truncatingIfNeeded: rest) | 128, to: &block)
      rest >>= 7
    }
    base64.append(UInt8(truncatingIfNeeded: rest), to: &block)
  }

  /// Writes what waits; afterwards the series is whole.
  mutating func finish(to block: inout TextBlock) { base64.finish(to: &block) }
}

/// Bytes as base64 (RFC 4648) while they come.
struct Base64Encoder {
  private static let digits = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  /// Up to two bytes that wait for a third.
  private var waiting: UInt32 = 0
  private var count = 0

  /// Writes a byte, once it has two neighbours.
  mutating func append(_ byte: UInt8, to block: inout TextBlock) {
    waiting = waiting << 8 | UInt32(byte)
    count += 1
    if count == 3 { write(4, of: waiting, to: &block) }
  }

  /// Writes what waits, with padding.
  mutating func finish(to block: inout TextBlock) {
    guard count > 0 else { return }
    let missing = 3 - count
    write(4 - missing, of: waiting << UInt32(8 * missing), to: &block)
    for _ in 0..<missing { block.append(UInt8(ascii: "=")) }
  }

  private mutating func write(_ digits: Int, of group: UInt32, to block: inout TextBlock) {
    for place in 0..<digits {
      block.append(Self.digits[Int(group >> UInt32(18 - 6 * place) & 63)])
    }
    (waiting, count) = (0, 0)
  }
}

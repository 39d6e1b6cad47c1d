/// The name we give an order, made from where it comes from, never at random.
///
/// Sending the same order twice carries the same id, so an exchange that has seen it does nothing,
/// and after a crash the ids of orders in doubt are known. Packed, not hashed, into a UUIDv8
/// (RFC 9562, 5.8): 48 bits of session, 26 of pair, 48 of order number. DESIGN, decision 4.
public struct ClientOrderID: Hashable, Sendable, Codable, CustomStringConvertible {
  /// Session and the upper 16 bits of the pair.
  @usableFromInline let upper: UInt64
  /// The lower 10 bits of the pair and the number.
  @usableFromInline let lower: UInt64

  /// Which run, in 48 bits: an input, the same in every backtest.
  @inlinable
  public var session: UInt64 { upper >> 16 }
  /// Which pair, in 26 bits: its place in the order of registration, from 0.
  @inlinable
  public var pair: UInt32 { UInt32(truncatingIfNeeded: (upper & 0xFFFF) << 10 | lower >> 48) }
  /// Which order of the pair, in 48 bits, from 1 in the sequence of submission.
  @inlinable
  public var number: UInt64 { lower & (1 << 48 - 1) }

  /// An id of these parts; traps where one has more bits than the id holds.
  @inlinable
  public init(session: UInt64, pair: UInt32, number: UInt64) {
    precondition(session < 1 << 48, "a session has 48 bits, was \(session)")
    precondition(pair < 1 << 26, "a pair has 26 bits, was \(pair)")
    precondition(number < 1 << 48, "an order number has 48 bits, was \(number)")
    upper = session << 16 | UInt64(pair) >> 10
    lower = (UInt64(pair) & 0x3FF) << 48 | number
  }

  /// The id that a UUID packs, or `nil` if the UUID is not one of ours (version 8, variant 2).
  public init?(uuid: UInt128) {
    guard (uuid >> 76) & 0xF == 8, (uuid >> 62) & 0b11 == 0b10 else { return nil }
    let payload = (uuid >> 64 & 0xFFF) << 62 | (uuid & (1 << 62 - 1))
    self.init(
      session: UInt64(truncatingIfNeeded: uuid >> 80),
      pair: UInt32(truncatingIfNeeded: payload >> 48),
      number: UInt64(truncatingIfNeeded: payload & (1 << 48 - 1)))
  }

  /// The 128 bits of the UUID.
  public var uuid: UInt128 {
    let payload = UInt128(pair) << 48 | UInt128(number)
    let upper = UInt128(session) << 80 | 8 << 76 | (payload >> 62) << 64
    return upper | 0b10 << 62 | (payload & (1 << 62 - 1))
  }

  /// The UUID in its usual form, 8-4-4-4-12 hexadecimal digits.
  public var description: String {
    let digits = String(uuid, radix: 16)
    let padded = Array(String(repeating: "0", count: 32 - digits.utf8.count) + digits)
    return [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(padded[$0]) }
      .joined(separator: "-")
  }
}

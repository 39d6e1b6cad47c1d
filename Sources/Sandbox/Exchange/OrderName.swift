/// The exchange's names of orders: UUIDs of version 4 by their looks, made from a seed and a count.
enum OrderName {
  /// The name of the order of this number.
  static func make(_ number: Int, seed: UInt64) -> String {
    let upper = mixed(seed &+ 0x9E37_79B9_7F4A_7C15 &* UInt64(2 * number + 1))
    let lower = mixed(seed &+ 0x9E37_79B9_7F4A_7C15 &* UInt64(2 * number + 2))
    return text(upper & ~0xF000 | 0x4000, lower & ~(0b11 << 62) | 0b10 << 62)
  }

  /// SplitMix64's output function, which no two inputs share.
  static func mixed(_ word: UInt64) -> UInt64 {
    var word = word
    word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
    return word ^ word >> 31
  }

  private static func text(_ upper: UInt64, _ lower: UInt64) -> String {
    let digits = Array((hexadecimal(upper) + hexadecimal(lower)).utf8)
    return [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map {
      String(decoding: digits[$0], as: UTF8.self)
    }.joined(separator: "-")
  }

  private static func hexadecimal(_ word: UInt64) -> String {
    let digits = String(word, radix: 16)
    return String(repeating: "0", count: 16 - digits.utf8.count) + digits
  }
}

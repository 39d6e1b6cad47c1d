import Market

/// UTF-8 text that grows in memory until somebody takes it: the unit of everything streamed here.
///
/// Numbers go straight into bytes: a curve of a million lines makes no string on the way.
struct TextBlock {
  /// A block is handed on when it is this long: large enough to make a digest or a write cheap,
  /// small enough to stay in the cache.
  static let size = 1 << 15

  /// What was written.
  private(set) var bytes: [UInt8] = []

  /// Forgets the text and keeps its memory.
  mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

  /// Hands the bytes on and forgets them, where there are enough or `always`.
  mutating func drain<Failure: Error>(
    always: Bool = false, into sink: ([UInt8]) throws(Failure) -> Void
  ) throws(Failure) {
    guard bytes.count >= Self.size || (always && !bytes.isEmpty) else { return }
    try sink(bytes)
    bytes.removeAll(keepingCapacity: true)
  }

  mutating func append(_ byte: UInt8) { bytes.append(byte) }

  mutating func append(contentsOf other: TextBlock) { bytes.append(contentsOf: other.bytes) }

  mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

  mutating func append(_ number: some FixedWidthInteger) {
    if number < 0 { append(UInt8(ascii: "-")) }
    if let small = UInt64(exactly: number.magnitude) {
      appendDigits(small)
    } else {
      append(String(number.magnitude))
    }
  }

  /// The same text as `ExactDecimal.description`: no exponent, no trailing zero.
  mutating func append(_ value: some ExactDecimal) {
    value.withText { bytes.append(contentsOf: $0) }
  }

  /// Whole seconds since 1970; below a second a decimal fraction, exact.
  mutating func append(_ time: Timestamp) {
    let nanoseconds = time.nanoseconds
    guard !nanoseconds.isMultiple(of: 1_000_000_000) else {
      append(nanoseconds / 1_000_000_000)
      return
    }
    append(Seconds(steps: nanoseconds))
  }

  private mutating func appendDigits(_ number: UInt64) {
    var digits = InlineArray<20, UInt8>(repeating: UInt8(ascii: "0"))
    var first = 20
    var rest = number
    while rest != 0 {
      first -= 1
      digits[first] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
      rest /= 10
    }
    for index in min(first, 19)..<20 { bytes.append(digits[index]) }
  }
}

/// Seconds as an exact decimal of nanoseconds, for their text.
private struct Seconds: ExactDecimal {
  var steps: Int64
  static var decimals: Int { 9 }
  static var noun: String { "time" }
}

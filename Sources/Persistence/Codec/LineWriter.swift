package import Market

/// A line of words under construction, in memory that is used again from line to line.
package struct LineWriter: Sendable {
  /// The line so far, as UTF-8.
  package private(set) var bytes: [UInt8] = []

  package init() { bytes.reserveCapacity(256) }

  /// Starts again.
  package mutating func clear() { bytes.removeAll(keepingCapacity: true) }

  /// The line as a string.
  package var text: String { String(decoding: bytes, as: UTF8.self) }

  /// Appends a word, behind a space where it is not the first of its line.
  package mutating func word(_ text: StaticString) {
    separate()
    text.withUTF8Buffer { bytes.append(contentsOf: $0) }
  }

  /// Appends a word; it has no spaces in it.
  package mutating func word(_ text: String) {
    separate()
    bytes.append(contentsOf: text.utf8)
  }

  /// Appends a number.
  package mutating func number(_ value: some FixedWidthInteger) {
    separate()
    if let small = Int64(exactly: value), small >= 0 {
      digits(UInt64(small))
    } else {
      bytes.append(contentsOf: "\(value)".utf8)
    }
  }

  /// Appends a decimal.
  package mutating func decimal(_ value: some ExactDecimal) {
    separate()
    value.withText { bytes.append(contentsOf: $0) }
  }

  /// Ends a line of several.
  package mutating func newLine() { bytes.append(UInt8(ascii: "\n")) }

  private mutating func separate() {
    if let last = bytes.last, last != UInt8(ascii: "\n") { bytes.append(UInt8(ascii: " ")) }
  }

  private mutating func digits(_ value: UInt64) {
    var rest = value
    let start = bytes.count
    repeat {
      bytes.append(UInt8(ascii: "0") + UInt8(rest % 10))
      rest /= 10
    } while rest > 0
    bytes[start...].reverse()
  }
}

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

  /// Appends a decimal as `ExactDecimal.description` prints it.
  package mutating func decimal<Value: ExactDecimal>(_ value: Value) {
    separate()
    append(value)
  }

  /// Appends a decimal without a space before it.
  package mutating func append<Value: ExactDecimal>(_ value: Value) {
    guard let steps = Int64(exactly: value.steps), steps >= 0,
      let unit = UInt64(exactly: Value.stepsPerUnit)
    else {
      bytes.append(contentsOf: value.description.utf8)
      return
    }
    let (whole, fraction) = UInt64(steps).quotientAndRemainder(dividingBy: unit)
    digits(whole)
    guard fraction != 0 else { return }
    bytes.append(UInt8(ascii: "."))
    // The digits behind the point, from the last that is not 0 on.
    var (rest, missing) = (fraction, Value.decimals)
    while rest % 10 == 0 { (rest, missing) = (rest / 10, missing - 1) }
    let start = bytes.count
    for _ in 0..<missing { bytes.append(UInt8(ascii: "0")) }
    var index = start + missing
    while rest > 0 {
      index -= 1
      bytes[index] = UInt8(ascii: "0") + UInt8(rest % 10)
      rest /= 10
    }
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

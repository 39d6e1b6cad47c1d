import Market

/// How the values of a file of faults are written.
enum FaultText {
  private static let units: [(name: String, nanoseconds: Int64)] = [
    ("ms", 1_000_000), ("s", 1_000_000_000), ("m", 60_000_000_000), ("h", 3_600_000_000_000),
    ("d", 86_400_000_000_000),
  ]
  private static let greatestNumber: Money = 10_000_000_000
  /// A hundred years: what is added to it overflows nothing.
  static let longest: Int128 = 3_200_000_000_000_000_000

  // MARK: - Reading

  /// A span such as `1.5h` or `-40s`; `nil` where it is none.
  static func span(_ text: String) -> TimeSpan? {
    let unit = String(text.reversed().prefix { $0.isLetter }.reversed())
    guard let size = units.first(where: { $0.name == unit })?.nanoseconds,
      let number = try? Money(String(text.dropLast(unit.count))),
      number <= greatestNumber, number >= -greatestNumber
    else { return nil }
    // At most 1e28 steps, of which nine decimals are cut, by 8.64e13.
    let scaled = number.steps / 1_000_000_000 * Int128(size) / 1_000_000_000
    guard abs(scaled) <= longest else { return nil }
    return Int64(exactly: scaled).map(TimeSpan.init(nanoseconds:))
  }

  /// A value, or two of them with `..` between; `nil` where it is neither or they run backwards.
  static func range<Value: Comparable>(
    _ text: String, _ read: (String) -> Value?
  ) -> ClosedRange<Value>? {
    let parts = text.split(separator: "..", maxSplits: 1, omittingEmptySubsequences: false)
      .map(String.init)
    guard let first = parts.first.flatMap(read), let last = parts.last.flatMap(read),
      first <= last
    else { return nil }
    return first...last
  }

  /// A list with commas between; `nil` where an item is none.
  static func list<Value>(_ text: String, _ read: (String) -> Value?) -> [Value]? {
    var items: [Value] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      guard let item = read(String(part.trimmed)) else { return nil }
      items.append(item)
    }
    return items
  }

  // MARK: - Writing

  static func text(_ span: TimeSpan) -> String {
    let unit = units.last { span.nanoseconds % $0.nanoseconds == 0 && span != .nothing }
    guard let unit else {
      return span == .nothing
        ? "0s" : "\(Money(steps: Int128(span.nanoseconds) * 1_000_000_000_000))ms"
    }
    return "\(span.nanoseconds / unit.nanoseconds)\(unit.name)"
  }

  static func text<Value: Equatable>(
    _ range: ClosedRange<Value>, _ write: (Value) -> String
  ) -> String {
    range.lowerBound == range.upperBound
      ? write(range.lowerBound) : "\(write(range.lowerBound))..\(write(range.upperBound))"
  }
}

extension Substring {
  /// Without spaces at its ends.
  fileprivate var trimmed: Substring {
    var text = self
    while text.first == " " { text.removeFirst() }
    while text.last == " " { text.removeLast() }
    return text
  }
}

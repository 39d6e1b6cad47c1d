import Market

/// Reads the words of a line that `LineWriter` wrote; whatever else it meets is an error.
struct LineReader {
  private let line: String
  private var rest: Substring

  init(_ line: String) {
    self.line = line
    rest = line[...]
  }

  /// What is wrong with the line.
  func error(_ problem: String) -> RecordTextError { RecordTextError(text: line, problem: problem) }

  /// Whether all words are read.
  var isAtEnd: Bool { rest.isEmpty }

  /// The next word.
  mutating func word(_ what: String) throws(RecordTextError) -> Substring {
    guard !rest.isEmpty else { throw error("ends where \(what) should stand") }
    guard let space = rest.utf8.firstIndex(of: UInt8(ascii: " ")) else {
      defer { rest = "" }
      return rest
    }
    let word = rest[..<space]
    rest = rest[rest.utf8.index(after: space)...]
    return word
  }

  mutating func number<Value: FixedWidthInteger>(
    _ what: String, as type: Value.Type = Value.self
  ) throws(RecordTextError) -> Value {
    let word = try word(what)
    guard let value = Value(word) else { throw error("has '\(word)' where \(what) should stand") }
    return value
  }

  mutating func decimal<Value: ExactDecimal>(
    _ what: String, as type: Value.Type = Value.self
  ) throws(RecordTextError) -> Value {
    let word = try word(what)
    do { return try Value(word) } catch {
      throw self.error("has '\(word)' where \(what) should stand: \(error)")
    }
  }

  /// A price above 0.
  mutating func price(_ what: String) throws(RecordTextError) -> Price {
    let price: Price = try decimal(what)
    guard price > .zero else { throw error("has \(what) of \(price), which is not above 0") }
    return price
  }

  /// A time in nanoseconds.
  mutating func time(_ what: String) throws(RecordTextError) -> Timestamp {
    let time = Timestamp(nanoseconds: try number(what))
    try check(time, what)
    return time
  }

  /// Checks that a time is one of a record.
  func check(_ time: Timestamp, _ what: String) throws(RecordTextError) {
    guard RecordBounds.times ~= time else {
      throw error("is not of a time from 1970 to 2199: \(what) is at \(time)")
    }
  }

  mutating func named<Value: RawRepresentable>(
    _ what: String, as type: Value.Type = Value.self
  ) throws(RecordTextError) -> Value where Value.RawValue == String {
    let word = try word(what)
    guard let value = Value(rawValue: String(word)) else {
      throw error("has '\(word)' where \(what) should stand")
    }
    return value
  }

  /// Checks that nothing follows.
  func end() throws(RecordTextError) {
    guard rest.isEmpty else { throw error("goes on with '\(rest)'") }
  }
}

/// A line of the record that is none of ours.
package struct RecordTextError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The line.
  package var text: String
  /// What is wrong with it.
  package var problem: String

  /// One line for the user.
  package var description: String {
    let shown = text.count > 80 ? text.prefix(80) + "…" : text[...]
    return "'\(shown)' \(problem)"
  }
}

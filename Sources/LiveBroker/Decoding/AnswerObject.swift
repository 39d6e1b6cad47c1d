import JSON
import Market

/// A JSON object of an answer, read member by member; what is missing or wrong is named by its path.
struct AnswerObject {
  private let value: JSONValue

  /// Takes a value that must be an object.
  init(_ value: JSONValue) throws(AnswerDefect) {
    guard value.kind == .object else { throw Self.wrongKind("", value, "an object") }
    self.value = value
  }

  // MARK: - Whether it is there

  /// The member, or `nil` where there is none or it is `null`.
  subscript(key: String) -> JSONValue? { value[key].flatMap { $0.isNull ? nil : $0 } }

  /// The names of its members, in their order.
  var keys: [String] { value.members.map(\.key) }

  private func required(_ key: String) throws(AnswerDefect) -> JSONValue {
    guard let member = value[key] else { throw AnswerDefect(path: key, problem: .missing) }
    return member
  }

  // MARK: - Scalars

  /// A string.
  func text(_ key: String) throws(AnswerDefect) -> String {
    let member = try required(key)
    guard let text = member.string else { throw Self.wrongKind(key, member, "a string") }
    return text
  }

  /// A string that says something.
  func name(_ key: String) throws(AnswerDefect) -> String {
    let text = try text(key)
    guard !text.isEmpty else { throw .value(key, "name", text) }
    return text
  }

  /// A string; "" where it is missing or `null`.
  func optionalText(_ key: String) throws(AnswerDefect) -> String {
    guard self[key] != nil else { return "" }
    return try text(key)
  }

  /// `true` or `false`.
  func flag(_ key: String) throws(AnswerDefect) -> Bool {
    let member = try required(key)
    guard let flag = member.bool else { throw Self.wrongKind(key, member, "true or false") }
    return flag
  }

  /// `true` or `false`; `false` where it is missing or `null`.
  func optionalFlag(_ key: String) throws(AnswerDefect) -> Bool {
    guard self[key] != nil else { return false }
    return try flag(key)
  }

  /// An integer, as a number or in a string.
  func integer(_ key: String) throws(AnswerDefect) -> Int64 {
    let text = try digits(key)
    guard let integer = Int64(text) else { throw .value(key, "integer", text) }
    return integer
  }

  /// An integer that counts or names something, as a number or in a string.
  func ordinal(_ key: String) throws(AnswerDefect) -> UInt64 {
    let text = try digits(key)
    guard let integer = UInt64(text) else { throw .value(key, "number from 0", text) }
    return integer
  }

  /// An exact decimal, as a string or as a number; nothing is rounded.
  func decimal<Value: ExactDecimal>(_ key: String) throws(AnswerDefect) -> Value {
    let text = try digits(key)
    do { return try Value(text) } catch { throw .value(key, Value.noun, text) }
  }

  /// An exact decimal; `nil` where there is none, which the exchange also spells "".
  func optionalDecimal<Value: ExactDecimal>(_ key: String) throws(AnswerDefect) -> Value? {
    guard let member = self[key], member.string != "" else { return nil }
    return try decimal(key)
  }

  /// A value that the exchange computed, which may have any number of decimals.
  ///
  /// Cut behind the last that the type keeps: of money behind the 18th. Refusing a fill because its fee
  /// has a 19th would leave the position without a stop.
  func computed<Value: ExactDecimal>(_ key: String) throws(AnswerDefect) -> Value {
    var text = try digits(key)
    do {
      return try text.withUTF8 { bytes throws(DecimalError) in
        try Value.parse(bytes.span, excess: .roundDown).value
      }
    } catch { throw .value(key, Value.noun, text) }
  }

  /// The same; `nil` where there is none.
  func optionalComputed<Value: ExactDecimal>(_ key: String) throws(AnswerDefect) -> Value? {
    guard let member = self[key], member.string != "" else { return nil }
    return try computed(key)
  }

  /// A least size: where it has more decimals than the type keeps, the next step above it.
  func leastSize<Value: ExactDecimal>(_ key: String) throws(AnswerDefect) -> Value {
    var text = try digits(key)
    do {
      let (value, isExact) = try text.withUTF8 { bytes throws(DecimalError) in
        try Value.parse(bytes.span, excess: .roundDown)
      }
      return isExact ? value : Value(steps: value.steps + 1)
    } catch { throw .value(key, Value.noun, text) }
  }

  /// A moment of RFC 3339.
  func time(_ key: String) throws(AnswerDefect) -> Timestamp {
    let text = try text(key)
    guard let time = Timestamp(rfc3339: text) else { throw .value(key, "time", text) }
    return time
  }

  /// A moment; `nil` where it is missing, `null`, "" or of the year 1, which means none.
  func optionalTime(_ key: String) throws(AnswerDefect) -> Timestamp? {
    let text = try optionalText(key)
    return text.isEmpty || text.hasPrefix("0001-01-01") ? nil : try time(key)
  }

  /// `BUY` or `sell`: capitals do not matter.
  func side(_ key: String) throws(AnswerDefect) -> Side {
    let text = try text(key)
    switch text.lowercased() {
    case "buy": return .buy
    case "sell": return .sell
    default: throw .value(key, "side", text)
    }
  }

  private func digits(_ key: String) throws(AnswerDefect) -> String {
    let member = try required(key)
    guard let text = member.string ?? member.number else {
      throw Self.wrongKind(key, member, "a number or string")
    }
    return text
  }

  // MARK: - What is nested

  /// An object, and what is read from it.
  func object<Value>(
    _ key: String, _ read: (AnswerObject) throws(AnswerDefect) -> Value
  ) throws(AnswerDefect) -> Value {
    let member = try required(key)
    do { return try read(try AnswerObject(member)) } catch { throw error.within(key) }
  }

  /// An object; `nil` where it is missing or `null`.
  func optionalObject<Value>(
    _ key: String, _ read: (AnswerObject) throws(AnswerDefect) -> Value
  ) throws(AnswerDefect) -> Value? {
    guard self[key] != nil else { return nil }
    return try object(key, read)
  }

  /// An array of objects.
  func list<Value>(
    _ key: String, _ read: (AnswerObject) throws(AnswerDefect) -> Value
  ) throws(AnswerDefect) -> [Value] {
    let member = try required(key)
    do { return try Self.list(member, read) } catch { throw error.within(key) }
  }

  /// An array of objects that is the whole answer.
  static func list<Value>(
    _ array: JSONValue, _ read: (AnswerObject) throws(AnswerDefect) -> Value
  ) throws(AnswerDefect) -> [Value] {
    try rows(array) { row throws(AnswerDefect) in try read(try AnswerObject(row)) }
  }

  /// An array of anything that is the whole answer.
  static func rows<Value>(
    _ array: JSONValue, _ read: (JSONValue) throws(AnswerDefect) -> Value
  ) throws(AnswerDefect) -> [Value] {
    guard array.kind == .array else { throw wrongKind("", array, "an array") }
    var values: [Value] = []
    values.reserveCapacity(array.count)
    for element in array.elements {
      do { values.append(try read(element)) } catch { throw error.within("[\(values.count)]") }
    }
    return values
  }

  static func wrongKind(_ path: String, _ value: JSONValue, _ expected: String) -> AnswerDefect {
    let found =
      switch value.kind {
      case .null: "null"
      case .bool: "true or false"
      case .number: "a number"
      case .string: "a string"
      case .array: "an array"
      case .object: "an object"
      }
    return AnswerDefect(path: path, problem: .kind(expected: expected, found: found))
  }
}

/// A value of a JSON text (RFC 8259), read strictly.
///
/// A view of the text's tape: it copies nothing until it is asked. Numbers stay the characters they
/// were, so that `0.1` can become an exact decimal and no digit is lost on the way through a double;
/// so do decimals in strings.
///
///     let answer = try JSONValue(parsing: bytes)
///     let price = answer["price"]?.string
public struct JSONValue: Sendable {
  /// What kind of value it is.
  public enum Kind: UInt8, Hashable, Sendable {
    /// `null`.
    case null
    /// `true` or `false`.
    case bool
    /// A number.
    case number
    /// A string.
    case string
    /// An array.
    case array
    /// An object.
    case object
  }

  let tape: JSONTape
  let index: Int

  /// What kind of value it is.
  public var kind: Kind { tape.nodes[index].kind }

  /// Whether it is `null`.
  public var isNull: Bool { kind == .null }

  /// The flag; `nil` of another kind.
  public var bool: Bool? { kind == .bool ? tape.nodes[index].start == 1 : nil }

  /// The string without quotes and escapes; `nil` of another kind.
  public var string: String? { kind == .string ? tape.text(of: index) : nil }

  /// The characters of the number, as they are in the text; `nil` of another kind.
  public var number: String? { kind == .number ? tape.text(of: index) : nil }

  /// The number as an integer; `nil` of another kind, and where it has a fraction, an exponent or too
  /// many digits.
  public var integer: Int64? { number.flatMap { Int64($0) } }

  /// The double nearest to the number; `nil` of another kind.
  public var double: Double? { number.flatMap { Double($0) } }

  /// How many elements or members it has; 0 of another kind.
  public var count: Int {
    switch kind {
    case .array, .object: Int(tape.nodes[index].start)
    case .null, .bool, .number, .string: 0
    }
  }

  /// The elements of an array; none of another kind.
  public var elements: Elements {
    Elements(tape: tape, position: index + 1, end: kind == .array ? tape.end(of: index) : index + 1)
  }

  /// The members of an object, in the order of the text; none of another kind.
  public var members: Members {
    Members(tape: tape, position: index + 1, end: kind == .object ? tape.end(of: index) : index + 1)
  }

  /// The value of a member; `nil` where there is none, and of another kind.
  ///
  /// - Complexity: O(members), without allocating: objects are small.
  public subscript(key: String) -> JSONValue? {
    guard kind == .object else { return nil }
    let end = tape.end(of: index)
    var position = index + 1
    while position < end {
      if tape.hasText(key, at: position) { return JSONValue(tape: tape, index: position + 1) }
      position = tape.end(of: position + 1)
    }
    return nil
  }

  /// A walk over the elements of an array.
  public struct Elements: Sequence, IteratorProtocol, Sendable {
    let tape: JSONTape
    var position: Int
    let end: Int

    /// The next one; `nil` after the last.
    public mutating func next() -> JSONValue? {
      guard position < end else { return nil }
      defer { position = tape.end(of: position) }
      return JSONValue(tape: tape, index: position)
    }
  }

  /// A walk over the members of an object.
  public struct Members: Sequence, IteratorProtocol, Sendable {
    let tape: JSONTape
    var position: Int
    let end: Int

    /// The next one; `nil` after the last.
    public mutating func next() -> (key: String, value: JSONValue)? {
      guard position < end else { return nil }
      let (key, value) = (position, position + 1)
      position = tape.end(of: value)
      return (tape.text(of: key), JSONValue(tape: tape, index: value))
    }
  }
}

extension JSONValue: CustomStringConvertible {
  /// The value in few words, for messages: scalars as they are, the others by their size.
  public var description: String {
    switch kind {
    case .null: "null"
    case .bool: tape.nodes[index].start == 1 ? "true" : "false"
    case .number, .string: tape.text(of: index)
    case .array: "\(count) element\(count == 1 ? "" : "s")"
    case .object: "\(count) member\(count == 1 ? "" : "s")"
    }
  }
}

import JSON

/// The exact text of a value's whole state, for snapshots; see `Store`.
///
/// JSON, so that it can be looked at with any tool. Integers of any width are written out, doubles
/// with the digits that give the same bits back, and `nan`, `inf`, `-inf` as strings. The members
/// are in the order of declaration: one state has one text.
package enum StateText {
  /// Writes a state.
  ///
  /// - Throws: What the value's own `encode` throws; ours throw nothing.
  package static func encode(_ value: some Encodable) throws -> String {
    let box = StateBox()
    try value.encode(to: StateEncoder(box: box))
    return String(decoding: box.tree.bytes, as: UTF8.self)
  }

  /// Reads a state.
  ///
  /// - Throws: `JSONError` where the text is none, `DecodingError` where it is that of another type.
  package static func decode<Value: Decodable>(_ type: Value.Type, from text: String) throws
    -> Value
  {
    let value = try JSONValue(
      parsing: Array(text.utf8), limits: JSONLimits(bytes: 1 << 30))
    return try Value(from: StateDecoder(value: value, codingPath: []))
  }
}

/// A value under construction: what encoders hand around is the same box.
final class StateBox {
  private enum Content {
    case scalar(JSONTree)
    case array([StateBox])
    case object([(key: String, value: StateBox)])
  }

  private var content: Content?

  /// Whether nothing was put in yet.
  var isEmpty: Bool { content == nil }

  /// How many elements an array has.
  var count: Int {
    if case .array(let elements) = content { return elements.count }
    return 0
  }

  /// What was put in, whole.
  var tree: JSONTree {
    switch content {
    case nil: .null
    case .scalar(let scalar): scalar
    case .array(let elements): .array(elements.map(\.tree))
    case .object(let members): .object(members.map { ($0.key, $0.value.tree) })
    }
  }

  func put(_ scalar: JSONTree) { content = .scalar(scalar) }

  func beginArray() { if isEmpty { content = .array([]) } }

  func beginObject() { if isEmpty { content = .object([]) } }

  func append(_ box: StateBox) {
    guard case .array(var elements) = content.take() else { preconditionFailure("no array") }
    elements.append(box)
    content = .array(elements)
  }

  func set(_ key: String, _ box: StateBox) {
    guard case .object(var members) = content.take() else { preconditionFailure("no object") }
    members.append((key, box))
    content = .object(members)
  }
}

extension JSONTree {
  /// A double by the digits that give the same bits back; what is no number by its name.
  static func double(_ value: Double) -> JSONTree {
    if value.isNaN { return .string("nan") }
    if value.isInfinite { return .string(value < 0 ? "-inf" : "inf") }
    return .number(value.description)
  }
}

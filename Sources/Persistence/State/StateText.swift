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
    var text = ""
    box.write(to: &text)
    return text
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

/// A value under construction.
final class StateBox {
  enum Content {
    case nothing
    case scalar(String)
    case array([StateBox])
    case object([(key: String, value: StateBox)])
  }

  var content = Content.nothing

  func append(_ box: StateBox) {
    var elements: [StateBox] = []
    if case .array(let before) = content { elements = before }
    content = .nothing  // So that the array is not shared while it grows.
    elements.append(box)
    content = .array(elements)
  }

  func set(_ key: String, _ box: StateBox) {
    var members: [(key: String, value: StateBox)] = []
    if case .object(let before) = content { members = before }
    content = .nothing
    members.append((key, box))
    content = .object(members)
  }

  func write(to text: inout String) {
    switch content {
    case .nothing: text += "null"
    case .scalar(let scalar): text += scalar
    case .array(let elements):
      text += "["
      for (index, element) in elements.enumerated() {
        if index > 0 { text += "," }
        element.write(to: &text)
      }
      text += "]"
    case .object(let members):
      text += "{"
      for (index, member) in members.enumerated() {
        if index > 0 { text += "," }
        text += StateBox.quoted(member.key)
        text += ":"
        member.value.write(to: &text)
      }
      text += "}"
    }
  }

  static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\u{0}"..<" ":
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }

  static func number(_ value: Double) -> String {
    if value.isNaN { return "\"nan\"" }
    if value.isInfinite { return value < 0 ? "\"-inf\"" : "\"inf\"" }
    return "\(value)"
  }
}

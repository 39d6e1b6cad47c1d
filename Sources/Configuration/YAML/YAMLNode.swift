/// A piece of a YAML file: a value, a list, or keys with what belongs to them.
///
/// Values stay the text that was written, so that 0.02 never passes through a double and `off`
/// never becomes a truth value.
package struct YAMLNode: Hashable, Sendable {
  /// How a value was written.
  package enum Style: Hashable, Sendable {
    /// Without quotes.
    case plain
    /// Between single or double quotes.
    case quoted
    /// Below a `|` or `>`.
    case block
  }

  /// What the piece is.
  package enum Content: Hashable, Sendable {
    /// A value.
    case scalar(String, Style)
    /// A list.
    case sequence([YAMLNode])
    /// Keys, in the order of the file.
    case mapping([Entry])
  }

  /// A key and its value.
  package struct Entry: Hashable, Sendable {
    /// The key.
    package var key: String
    /// The line of the key, from 1.
    package var line: Int
    /// The column of the key, from 1.
    package var column: Int
    /// What belongs to it.
    package var value: YAMLNode
  }

  /// What the piece is.
  package var content: Content
  /// The line where it begins, from 1.
  package var line: Int
  /// The column where it begins, from 1.
  package var column: Int

  /// Whether nothing is written here, or one of YAML's words for nothing.
  package var isNull: Bool {
    guard case .scalar(let text, .plain) = content else { return false }
    return ["", "~", "null", "Null", "NULL"].contains(text)
  }

  /// What it is, for a message.
  package var noun: String {
    switch content {
    case .scalar(_, .block): "a block of text"
    case .scalar: isNull ? "nothing" : "a single value"
    case .sequence: "a list"
    case .mapping: "a mapping"
    }
  }
}

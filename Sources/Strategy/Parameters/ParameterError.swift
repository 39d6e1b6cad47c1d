/// A value that a parameter cannot have.
public enum ParameterError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The text of one key is of the wrong type or out of range.
  case invalid(key: String, text: String, expected: String, detail: String?)
  /// Two keys, each fine alone, do not go together.
  case contradiction(key: String, rule: String)

  /// The key that is to be mended.
  public var key: String {
    switch self {
    case .invalid(let key, _, _, _), .contradiction(let key, _): key
    }
  }

  /// One line for the user, without file and line, which the reader of the file adds.
  public var description: String {
    switch self {
    case .invalid(let key, let text, let expected, let detail):
      "\(key) is '\(text)', expected \(expected)" + (detail.map { " (\($0))" } ?? "")
    case .contradiction(let key, let rule): "\(key): \(rule)"
    }
  }
}

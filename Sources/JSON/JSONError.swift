/// Why a text is not taken for JSON: where, and what is wrong there.
public struct JSONError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong.
  public enum Problem: Hashable, Sendable {
    /// The grammar does not allow it; the words are those of the parser.
    case grammar(String)
    /// The text ends before the value does.
    case truncated
    /// An object has a key twice: which of the two was meant nobody knows.
    case repeatedKey(String)
    /// Arrays and objects within each other, more than these.
    case tooDeep(limit: Int)
    /// More values than these.
    case tooManyValues(limit: Int)
    /// More bytes than these.
    case tooLong(limit: Int)
  }

  /// The line in the text, from 1.
  public var line: Int
  /// The byte in the line, from 1.
  public var column: Int
  /// What is wrong there.
  public var problem: Problem

  /// One line, without the name of a file.
  public var description: String {
    switch problem {
    case .grammar(let words): "line \(line), column \(column): not JSON: \(words)"
    case .truncated: "line \(line), column \(column): the text ends in the middle of a value"
    case .repeatedKey(let key): "line \(line), column \(column): the key '\(key)' is there twice"
    case .tooDeep(let limit): "line \(line), column \(column): nested deeper than \(limit) levels"
    case .tooManyValues(let limit): "more than \(limit) values"
    case .tooLong(let limit): "longer than \(limit) bytes"
    }
  }
}

/// How much of a text is taken: bounds on the memory that a stranger's text can cost.
public struct JSONLimits: Hashable, Sendable {
  /// Bytes of the text; below 4 GiB.
  public var bytes: Int
  /// Arrays and objects within each other.
  public var depth: Int
  /// Values, keys included; each costs 12 bytes.
  public var values: Int

  /// Limits; by default those of an exchange's answer.
  public init(bytes: Int = 16 << 20, depth: Int = 64, values: Int = 2_000_000) {
    precondition(bytes < 1 << 32, "a tape counts bytes in 32 bits, \(bytes) are too many")
    self.bytes = bytes
    self.depth = depth
    self.values = values
  }
}

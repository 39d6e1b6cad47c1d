/// A password, key or token that cannot be printed, logged or encoded by accident.
///
/// `print`, string interpolation, `dump`, `String(reflecting:)` and a debugger's mirror all show
/// `(secret)`, also where it is part of another value; it is not `Encodable`, and it has no `==`,
/// which would tell by its timing how much was right. Whoever needs the text says `reveal()`, which
/// is easy to search for.
public struct Secret: Sendable {
  private let text: String

  /// Takes the text in; nobody sees it again but by `reveal()`.
  public init(_ text: String) { self.text = text }

  /// The text, for the one place that must pass it on.
  public func reveal() -> String { text }

  /// Whether there is no text at all.
  public var isEmpty: Bool { text.isEmpty }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// What everybody sees: `(secret)`.
  public var description: String { "(secret)" }
  /// The same for a debugger.
  public var debugDescription: String { description }
  /// A mirror without children.
  public var customMirror: Mirror { Mirror(self, children: []) }
}

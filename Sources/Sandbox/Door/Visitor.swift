/// Who has been let in, and to which API.
package struct Visitor: Hashable, Sendable {
  /// Whose words are spoken.
  package enum API: Hashable, Sendable {
    /// Advanced Trade.
    case advanced
    /// The Exchange.
    case exchange
  }

  /// The API of the request.
  package let api: API
  /// The name of the key; `nil` where the request needs none and none is looked at.
  package let key: String?
  /// What the key may do; without a key nothing.
  package let permissions: KeyPermissions
}

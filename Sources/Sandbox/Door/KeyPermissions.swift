/// What a key may do.
package struct KeyPermissions: Hashable, Sendable {
  /// Read the account, orders and fills.
  package var canView: Bool
  /// Place and cancel orders.
  package var canTrade: Bool
  /// Move money out.
  ///
  /// The sandbox has nothing to do with it; it is told to those who ask what the key may do.
  package var canTransfer: Bool

  /// Permissions; by default those of a key that one trades with.
  package init(canView: Bool = true, canTrade: Bool = true, canTransfer: Bool = false) {
    self.canView = canView
    self.canTrade = canTrade
    self.canTransfer = canTransfer
  }

  /// Whether a key with these may do something.
  func allow(_ need: Need) -> Bool {
    switch need {
    case .nothing: true
    case .view: canView
    case .trade: canTrade
    }
  }

  /// What a request needs.
  enum Need: Hashable, Sendable {
    /// Not even a key.
    case nothing
    case view
    case trade
  }
}

package import Market

/// Something that a pair has done to the account while it was ahead of it.
package struct AccountChange: Hashable, Sendable {
  /// What it was.
  package enum Kind: Hashable, Sendable {
    /// Something was bought or sold.
    case fill(Fill)
    /// An entry can no longer cost what was set aside for so much.
    case release(Quantity, limit: Price, takerRate: Rate)
  }

  /// When it counts.
  package let moment: TurnTime
  /// What it was.
  package let kind: Kind

  init(at moment: TurnTime, _ kind: Kind) {
    self.moment = moment
    self.kind = kind
  }
}

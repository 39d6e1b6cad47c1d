import Market

/// What goes wrong in the book and with the money.
extension SandboxExchange {
  /// Lets begin what is the exchange's own.
  mutating func begin(_ dice: inout FaultDice, until: Timestamp) {
  }
}

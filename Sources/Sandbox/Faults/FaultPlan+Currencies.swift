import Configuration

extension FaultPlan {
  /// Sees to it that money is moved of those currencies alone that an exchange has.
  ///
  /// - Parameter settings: Those of the exchange.
  /// - Throws: `FaultPlanError` of another.
  package func check(against settings: SandboxSettings) throws(FaultPlanError) {
    let known = settings.currencies
    for case let currency? in rules.map(\.currency) where !known.contains(currency) {
      throw FaultPlanError(
        "--faults: balance_moved has the currency '\(shown(currency))', which the exchange does "
          + "not have; known: \(known.joined(separator: ", "))")
    }
  }
}

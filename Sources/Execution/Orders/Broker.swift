public import Market

/// Whoever carries out commands: the simulated market or an exchange.
///
/// The answers come back as events. A simulated broker answers at once; a live one later.
public protocol Broker {
  /// Carries out a command and appends what the exchange says at once, oldest first.
  mutating func perform(_ command: Command, into reports: inout [OrderReport])
}

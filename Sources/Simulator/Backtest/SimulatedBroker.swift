public import Execution
public import Market
public import Matching

/// The broker of a simulated run: the simulated market answers every command at once; SEMANTICS 6.3.
public struct SimulatedBroker: Broker, Sendable {
  /// The market behind it.
  public var market: MatchingEngine

  /// A broker before this market.
  @inlinable
  public init(market: MatchingEngine) { self.market = market }

  /// Carries out a command and appends what the market says.
  @inlinable
  public mutating func perform(_ command: Command, into reports: inout [OrderReport]) {
    switch command {
    case .submit(let order, role: _): market.submit(order, into: &reports)
    case .cancel(let id, reason: _): market.cancel(id, into: &reports)
    }
  }
}

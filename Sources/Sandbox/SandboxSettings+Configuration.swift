package import Configuration
import Market
import Matching
import Strategy

extension SandboxSettings {
  /// The sandbox that a configuration describes: its pairs, or its one product, the market of section
  /// `simulation`, and what section `sandbox` says.
  ///
  /// The cash is of every currency that buys; what section `sandbox` gives comes on top of it.
  ///
  /// - Parameters:
  ///   - settings: Checked settings.
  ///   - pace: How time passes.
  ///   - seed: What the names of orders are made from.
  package init(_ settings: Settings, pace: Pace, seed: UInt64 = 1) {
    let pairs = settings.tradedPairs
    let wanted: Bool? =
      switch settings.sandbox.rateLimits {
      case .auto: nil
      case .on: true
      case .off: false
      }
    self.init(
      listings: pairs.map(Listing.init), interval: settings.simulation.interval,
      cash: settings.simulation.cash, pace: pace, seed: seed,
      enforcesExitMinimums: settings.sandbox.enforcesExitMinimums, limitsRequests: wanted)
    for balance in settings.sandbox.balances {
      balances[balance.currency, default: .zero] += balance.amount
    }
  }
}

extension Listing {
  /// A pair as its settings describe it.
  package init(_ pair: PairSettings) {
    let simulation = pair.simulation
    guard let path = CandlePath(rawValue: simulation.path) else {
      preconditionFailure("simulation.path was checked, but is '\(simulation.path)'")
    }
    self.init(
      pair.product,
      model: MarketModel(
        slippage: simulation.slippage, makerRate: simulation.makerRate,
        takerRate: simulation.takerRate, participation: simulation.participation,
        fillsOnTouch: simulation.fillsOnTouch, path: path))
  }
}

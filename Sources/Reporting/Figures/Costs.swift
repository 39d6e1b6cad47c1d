public import Execution
public import Market

/// What trading costs, beside what it earns.
public struct Costs: Hashable, Sendable {
  /// What the closed trades earned before fees: Σ sold − Σ bought, losses included, exact.
  public var profitBeforeFees: Money
  /// The fees of the closed trades, exact.
  public var fees: Money
  /// How far the price must rise from entry to exit until a round trip has paid its costs, as a
  /// fraction, for an entry that rested (maker) and an exit that takes; `nil` without known rates.
  ///
  ///     (1 + maker) / ((1 − slippage) · (1 − taker)) − 1
  public var makerBreakEven: Double?
  /// The same for an entry that takes as well.
  ///
  ///     (1 + slippage) · (1 + taker) / ((1 − slippage) · (1 − taker)) − 1
  public var takerBreakEven: Double?

  /// Fees / profit before fees, as a fraction; above 1 they turned a profit into a loss.
  ///
  /// `nil` where there was no profit before fees to take a share of.
  public var feeShare: Double? {
    profitBeforeFees > .zero ? fees.double / profitBeforeFees.double : nil
  }

  /// The costs of a run, at the rates among its settings.
  public init(_ result: RunResult) { self.init([result]) }

  /// The costs of several pairs together, at the rates among their settings.
  ///
  /// A rate that is not the same for all of them has no break-even move.
  public init(_ results: [RunResult]) {
    func rate(_ key: String) -> Rate? {
      guard let rate = results.first?.rate(key) else { return nil }
      return results.allSatisfy { $0.rate(key) == rate } ? rate : nil
    }
    self.init(
      trades: results.flatMap(\.record.trades), makerRate: rate("simulation.maker_rate"),
      takerRate: rate("simulation.taker_rate"), slippage: rate("simulation.slippage"))
  }

  /// The costs of these trades.
  ///
  /// - Parameters:
  ///   - trades: Closed ones.
  ///   - makerRate: The fee of an order that rested, as a fraction of its notional.
  ///   - takerRate: The fee of an order that took.
  ///   - slippage: How much worse than the market a taker fills, as a fraction of the price.
  public init(trades: [ClosedTrade], makerRate: Rate?, takerRate: Rate?, slippage: Rate?) {
    profitBeforeFees = .zero
    fees = .zero
    for trade in trades {
      profitBeforeFees += trade.exitNotional - trade.entryNotional
      fees += trade.fees
    }
    guard let takerRate = takerRate?.double, let slippage = slippage?.double else { return }
    let kept = (1 - slippage) * (1 - takerRate)
    guard kept > 0 else { return }  // Nothing would be left of a sale, at whatever price.
    takerBreakEven = (1 + slippage) * (1 + takerRate) / kept - 1
    makerBreakEven = makerRate.map { (1 + $0.double) / kept - 1 }
  }
}

extension RunResult {
  /// A setting that is a rate; `nil` where there is none of this name.
  fileprivate func rate(_ key: String) -> Rate? {
    // A setting that is no number has no rate: the same as none.
    settings.first { $0.key == key }.flatMap { try? Rate($0.value) }
  }
}

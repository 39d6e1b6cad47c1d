import Execution
public import Market

/// What pairs and correlation groups had at stake in a run: at most, on average and at the end.
///
/// Positions at the latest close and what working entries may still buy, at each time at which candles
/// close, after all close events of that time (`ExposureCurve`); shares are of equity then.
public struct Stakes: Hashable, Sendable {
  /// The greatest share, the first of equals.
  public struct Peak: Hashable, Sendable {
    /// When.
    public var time: Timestamp
    /// What was at stake.
    public var exposure: Money
    /// Equity.
    public var equity: Money
    /// Exposure / equity, as a fraction.
    public var share: Double
  }

  /// What one pair or group had at stake.
  public struct Stake: Hashable, Sendable {
    /// The greatest share; `nil` where there never was any.
    public var peak: Peak?
    /// The mean of the shares, over the times at which equity was above 0; `nil` where it never was.
    public var meanShare: Double?
    /// What is at stake at the end.
    public var final = Money.zero
    /// The share at the end; `nil` where equity is not above 0.
    public var finalShare: Double?
  }

  /// Those of the pairs, in the order of registration.
  public private(set) var pairs: [Stake]
  /// Those of `PortfolioResult.correlationGroups`, in that order.
  public private(set) var groups: [Stake]

  /// Walks through a run.
  ///
  /// - Complexity: O(pairs × times at which candles close).
  public init(_ result: PortfolioResult) {
    let members = result.pairs.indices.map { [$0] } + result.correlationGroups.map(\.pairs)
    var stakes = members.map { _ in Stake() }
    var sums = members.map { _ in 0.0 }
    var points = 0
    for exposures in ExposureCurve(result) {
      let isSolvent = exposures.equity > .zero
      let equity = exposures.equity.double
      if isSolvent { points += 1 }
      for (index, pairs) in members.enumerated() {
        let amount = pairs.reduce(Money.zero) {
          $0 + exposures.positions[$1] + exposures.entries[$1]
        }
        // Mostly there is nothing, and a conversion of 128 bits takes its time.
        let share = isSolvent && amount != .zero ? amount.double / equity : 0
        stakes[index].final = amount
        stakes[index].finalShare = isSolvent ? share : nil
        sums[index] += share
        if share > stakes[index].peak?.share ?? 0 {
          stakes[index].peak = Peak(
            time: exposures.time, exposure: amount, equity: exposures.equity, share: share)
        }
      }
    }
    for index in stakes.indices where points > 0 {
      stakes[index].meanShare = sums[index] / Double(points)
    }
    pairs = Array(stakes[..<result.pairs.count])
    groups = Array(stakes[result.pairs.count...])
  }
}

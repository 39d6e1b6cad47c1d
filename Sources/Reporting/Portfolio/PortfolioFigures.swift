import Execution
import Market

/// The figures of a portfolio's run that its reports show, each worked out once.
struct PortfolioFigures: Sendable {
  let result: PortfolioResult
  /// Of the account.
  let metrics: Metrics
  /// Of each pair: as if its fills alone had been the account's.
  let pairMetrics: [Metrics]
  /// What each pair won or lost.
  let profits: [ProfitAndLoss]
  /// What pairs and groups had at stake.
  let stakes: Stakes
  let groups: [CorrelationGroup]
  /// Of `EqualWeightCurve`.
  let market: Metrics?
  /// Of all pairs together.
  let counts: Counts
  /// Oldest first.
  let refusals: [PortfolioResult.OfPair<RunRecord.TimedRefusal>]
  let correlations: Correlations
  let drifts: [Drift]
  let rebalanceThreshold: Double?

  /// All pairs' profit or loss together.
  var profit: ProfitAndLoss { profits.reduce(.zero, +) }

  /// The greatest share of equity that any group had at stake, the first of equals, and which.
  var greatestStake: (group: String, peak: Stakes.Peak)? {
    var greatest: (group: String, peak: Stakes.Peak)?
    for (group, stake) in zip(groups, stakes.groups) {
      guard let peak = stake.peak else { continue }
      let isGreater = greatest.map {
        ($0.peak.share, peak.time) < (peak.share, $0.peak.time)
      }
      if isGreater ?? true { greatest = (group.name, peak) }
    }
    return greatest
  }

  /// What a group may have at stake, as a fraction of equity; `nil` where that is off.
  var groupLimit: Double? { result.limits.maxCorrelatedExposure.map { $0.double / 100 } }

  /// Works them out.
  init(_ result: PortfolioResult) {
    self.result = result
    metrics = Metrics(result)
    pairMetrics = result.pairs.map { Metrics($0) }
    profits = result.pairs.map { ProfitAndLoss($0) }
    stakes = Stakes(result)
    groups = result.correlationGroups
    market = Metrics.ofBuyAndHold(result)
    let counts = result.pairs.map { Counts($0.record) }
    self.counts = counts.dropFirst().reduce(counts[0], +)
    refusals = result.refusals
    correlations = Correlations(result)
    drifts = result.drifts
    rebalanceThreshold = result.rebalanceThreshold
  }
}

import Execution
import Market

/// The figures of a portfolio's run that its reports show, each worked out once.
struct PortfolioFigures: Sendable {
  let result: PortfolioResult
  /// Of the account.
  let metrics: Metrics
  /// Of `EqualWeightCurve`.
  let market: Metrics?
  /// Of all pairs together.
  let counts: Counts
  /// Oldest first.
  let refusals: [PortfolioResult.OfPair<RunRecord.TimedRefusal>]
  let correlations: Correlations
  let drifts: [Drift]
  let rebalanceThreshold: Double?
  let greatestGroupExposure: GroupPeak?

  /// Works them out.
  init(_ result: PortfolioResult) {
    self.result = result
    metrics = Metrics(result)
    market = Metrics.ofBuyAndHold(result)
    let counts = result.pairs.map { Counts($0.record) }
    self.counts = counts.dropFirst().reduce(counts[0], +)
    refusals = result.refusals
    correlations = Correlations(result)
    drifts = result.drifts
    rebalanceThreshold = result.rebalanceThreshold
    greatestGroupExposure = result.greatestGroupExposure
  }
}

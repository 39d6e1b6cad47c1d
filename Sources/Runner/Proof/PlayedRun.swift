import Execution
import Reporting

/// A run that was made again, of one pair or of several.
enum PlayedRun {
  case one(RunResult)
  case several(PortfolioResult)

  /// The run as that of a portfolio, which one pair is too: of one.
  func portfolio(limits: PortfolioLimits) -> PortfolioResult {
    switch self {
    case .one(let result):
      PortfolioResult(
        pairs: [result], groups: [nil], startingCash: result.startingCash,
        interval: result.interval, limits: limits, settings: result.settings,
        changed: result.changed)
    case .several(let result): result
    }
  }
}

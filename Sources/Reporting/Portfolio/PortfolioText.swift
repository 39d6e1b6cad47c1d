import Execution
import Market

/// What happened to the account of several pairs, as plain lines; see `CanonicalText`.
///
/// The lines are those of a single run with the pair's name after the time or times. An order's
/// number is the pair's own.
public enum PortfolioText: String, CanonicalLines, Hashable, CaseIterable {
  /// `time,pair,order,side,price,quantity,fee,M|T`, in the sequence of SEMANTICS 8.3.
  case fills
  /// `entry_time,exit_time,pair,entry_order,…`, in the order in which they closed.
  case trades
  /// `time,equity`, one line for each time at which candles close.
  case equity

  /// Writes the text block by block.
  public func write<Failure: Error>(
    of result: PortfolioResult, to sink: ([UInt8]) throws(Failure) -> Void
  ) throws(Failure) {
    var text = TextBlock()
    switch self {
    case .fills:
      for fill in result.fills {
        text.appendLine(of: fill.element, pair: result.name(of: fill))
        try text.drain(into: sink)
      }
    case .trades:
      for trade in result.trades {
        text.appendLine(of: trade.element, pair: result.name(of: trade))
        try text.drain(into: sink)
      }
    case .equity:
      try text.appendLines(of: PortfolioCurve(result), to: sink)
    }
    try text.drain(always: true, into: sink)
  }
}

extension PortfolioResult {
  /// The name of the pair to which something happened.
  public func name<Element>(of event: OfPair<Element>) -> String {
    pairs[event.pair].product.id
  }
}

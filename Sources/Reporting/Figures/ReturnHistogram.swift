public import Execution
import Market

/// How often trades returned how much: realised / entry notional, in bins of one width.
///
/// The width is 1, 2 or 5 times a power of ten, so that edges are round and one of them is 0: no
/// bin holds both wins and losses. A trade that realised exactly 0 counts upwards.
public struct ReturnHistogram: Hashable, Sendable {
  /// The width of a bin, as a fraction.
  public private(set) var width = 0.0
  /// Where the first bin begins, in widths from 0.
  public private(set) var first = 0
  /// How many trades are in each bin, from the least return on.
  public private(set) var counts: [Int] = []

  /// Where a bin begins, as a fraction.
  public func lowerEdge(of bin: Int) -> Double { Double(first + bin) * width }

  /// Counts the returns of trades.
  ///
  /// - Parameters:
  ///   - trades: Closed ones; without any there are no bins.
  ///   - bins: About how many bins are wanted.
  public init(_ trades: [ClosedTrade], bins: Int = 24) {
    precondition(bins > 0, "a histogram of \(bins) bins")
    let returns = trades.map { $0.realised.double / $0.entryNotional.double }
      .filter(\.isFinite)
    guard let least = returns.min(), let greatest = returns.max() else { return }
    width = Self.roundWidth(atLeast: max((greatest - least) / Double(bins), 1e-6))
    let places = returns.map { Int(($0 / width).rounded(.down)) }
    first = places.min() ?? 0
    counts = Array(repeating: 0, count: (places.max() ?? 0) - first + 1)
    for place in places { counts[place - first] += 1 }
  }

  /// The least of 1, 2, 5, 10, 20 … times a power of ten that is not below `least`.
  private static func roundWidth(atLeast least: Double) -> Double {
    var unit = 1e-6
    while unit * 10 < least { unit *= 10 }
    return [1, 2, 5].map { $0 * unit }.first { $0 >= least } ?? 10 * unit
  }
}

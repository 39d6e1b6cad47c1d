import Market

/// How closely the pairs' prices move together: Pearson's correlation of their returns.
///
///     r_i = close_i / close_(i−1) − 1, of candles that follow each other without a gap
///     correlation = Σ (a − ā)(b − b̄) / √(Σ (a − ā)² · Σ (b − b̄)²), over the candles both pairs have
///
/// Sums of doubles, oldest to newest. `nil` below 2 common returns and where a pair did not move.
public struct Correlations: Hashable, Sendable {
  /// By the pairs' numbers; symmetric.
  public private(set) var values: [[Double?]]
  /// How many returns each was made from.
  public private(set) var counts: [[Int]]

  /// The correlation of two pairs, −1 to 1.
  public subscript(first: Int, second: Int) -> Double? { values[first][second] }

  /// The correlations of a run's pairs, from their candles.
  ///
  /// - Complexity: O(pairs² × candles).
  public init(_ result: PortfolioResult) {
    let returns = result.pairs.map { Returns($0) }
    let count = returns.count
    values = Array(repeating: Array(repeating: nil, count: count), count: count)
    counts = Array(repeating: Array(repeating: 0, count: count), count: count)
    for first in 0..<count {
      for second in first..<count {
        let common = Returns.common(returns[first], returns[second])
        let value = first == second && common.first.count > 1 ? 1 : Self.pearson(common)
        (values[first][second], values[second][first]) = (value, value)
        (counts[first][second], counts[second][first]) = (common.first.count, common.first.count)
      }
    }
  }

  /// The two different pairs that go together most, then the next, by correlation.
  public func highest(_ most: Int) -> [(first: Int, second: Int)] {
    let places = values.indices.flatMap { first in
      values.indices.dropFirst(first + 1).map { (first: first, second: $0) }
    }
    let known = places.filter { values[$0.first][$0.second] != nil }
    // A stable sort: equals stay in the order of registration.
    let sorted = known.enumerated().sorted { left, right in
      let (a, b) = (
        self[left.element.first, left.element.second] ?? 0,
        self[right.element.first, right.element.second] ?? 0
      )
      return a != b ? a > b : left.offset < right.offset
    }
    return sorted.prefix(most).map(\.element)
  }

  private static func pearson(_ returns: (first: [Double], second: [Double])) -> Double? {
    guard returns.first.count > 1, let meanA = Statistics.mean(returns.first),
      let meanB = Statistics.mean(returns.second)
    else { return nil }
    var (product, squaresA, squaresB) = (0.0, 0.0, 0.0)
    for (a, b) in zip(returns.first, returns.second) {
      product += (a - meanA) * (b - meanB)
      squaresA += (a - meanA) * (a - meanA)
      squaresB += (b - meanB) * (b - meanB)
    }
    let value = product / (squaresA * squaresB).squareRoot()
    return value.isFinite ? value : nil
  }
}

/// The returns of a pair's candles, each with its candle's start.
private struct Returns {
  var starts: [Timestamp] = []
  var values: [Double] = []

  init(_ pair: RunResult) {
    for (before, candle) in zip(pair.candles, pair.candles.dropFirst())
    where before.start + pair.interval == candle.start {
      starts.append(candle.start)
      values.append(candle.close.double / before.close.double - 1)
    }
  }

  /// The returns of the candles that both have.
  static func common(_ left: Returns, _ right: Returns) -> (first: [Double], second: [Double]) {
    var (first, second): ([Double], [Double]) = ([], [])
    var other = 0
    for (start, value) in zip(left.starts, left.values) {
      while other < right.starts.count, right.starts[other] < start { other += 1 }
      guard other < right.starts.count else { break }
      guard right.starts[other] == start else { continue }
      first.append(value)
      second.append(right.values[other])
    }
    return (first, second)
  }
}

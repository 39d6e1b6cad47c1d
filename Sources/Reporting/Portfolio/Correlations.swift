/// How closely the pairs' prices move together: Pearson's correlation of their returns.
///
///     r_i = close_i / close_(i−1) − 1, of candles that follow each other without a gap
///     correlation = Σ (a − ā)(b − b̄) / √(Σ (a − ā)² · Σ (b − b̄)²), over the candles both pairs have
///
/// `nil` below 2 common returns and where a pair did not move. The sums are of deviations from each
/// pair's mean over all its returns, so that nothing is lost where those of the common candles are
/// taken off; they are gathered in `ReturnsTile`s, for of many pairs there are very many couples.
public struct Correlations: Hashable, Sendable {
  /// By the pairs' numbers; symmetric.
  public private(set) var values: [[Double?]]
  /// How many returns each was made from.
  public private(set) var counts: [[Int]]

  /// The correlation of two pairs, −1 to 1.
  public subscript(first: Int, second: Int) -> Double? { values[first][second] }

  /// The correlations of a run's pairs, from their candles.
  ///
  /// - Complexity: O(pairs² × candles), a fraction of a nanosecond each; memory O(pairs²).
  public init(_ result: PortfolioResult) {
    let count = result.pairs.count
    var walks = result.pairs.map { ReturnsWalk($0) }
    var tiles = walks.map { _ in ReturnsTile() }
    var sums = Array(repeating: CommonSums(), count: count * count)
    while let start = walks.compactMap(\.nextSlot).min() {
      for pair in walks.indices { walks[pair].fill(&tiles[pair], from: start) }
      for first in 0..<count where tiles[first].count > 0 {
        for second in first..<count where tiles[second].count > 0 {
          sums[first * count + second].add(tiles[first], tiles[second])
        }
      }
    }
    values = Array(repeating: Array(repeating: nil, count: count), count: count)
    counts = Array(repeating: Array(repeating: 0, count: count), count: count)
    for first in 0..<count {
      for second in first..<count {
        let sum = sums[first * count + second]
        let value = first == second && sum.count > 1 ? 1 : sum.correlation
        (values[first][second], values[second][first]) = (value, value)
        (counts[first][second], counts[second][first]) = (sum.count, sum.count)
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
}

/// The mean of some values, and the sum of their squared distances from it.
///
/// Two sets of values combine without looking at the values again. Nothing is subtracted from a
/// sum of squares, so `squares` is never negative, and is exactly 0 where all values are equal.
///
/// - Source: T. F. Chan, G. H. Golub and R. J. LeVeque, *Updating formulae and a pairwise
///   algorithm for computing sample variances* (1979).
@usableFromInline
struct Moments: Sendable, Codable {
  @usableFromInline var mean: Double
  @usableFromInline var squares: Double

  @inlinable
  init(mean: Double = 0, squares: Double = 0) {
    self.mean = mean
    self.squares = squares
  }

  /// Combines `count` values summarised here with `otherCount`, at least 1, summarised in `other`.
  @inlinable
  func merged(count: Double, with other: Moments, otherCount: Double) -> Moments {
    let share = otherCount / (count + otherCount)
    let distance = other.mean - mean
    return Moments(
      mean: mean + distance * share,
      squares: squares + other.squares + distance * distance * (count * share))
  }
}

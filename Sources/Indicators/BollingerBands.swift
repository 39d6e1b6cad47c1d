/// Draws a band around the mean price whose width is the price's recent deviation.
///
///     middle = the mean of the last n = `period` values
///     σ = √(Σ(x − middle)² / n)          the population's deviation: divided by n, not n − 1
///     upper, lower = middle ± width·σ
///
/// The window is cut in two as in `SimpleMovingAverage`: the tail of the last block of `period`
/// values and the head of the present one. The moments of all tails are made in one sweep when a
/// block ends, those of the head grow with each value, and the two are combined (Chan, Golub and
/// LeVeque). Values are measured from one inside the same part, the last of the tail or the first
/// of the head. So nothing is ever subtracted out, no square of a price is formed, and σ is good to
/// about `period` roundings of itself: what left the window leaves no trace, a constant window gives
/// `lower == middle == upper` exactly, and a wobble of cents around 9e10 keeps its σ, where the
/// popular `Σx²/n − mean²` cancels to noise. It agrees with the two passes of SEMANTICS 1.1 to
/// rounding, not to the bit: two passes cost O(`period`) per input.
///
/// - Input: one value per candle, oldest first, usually the close in the quote currency; finite.
/// - Output: `nil` for the first `period − 1` inputs, then the bands, in the unit of the input. A
///   period of 1 and a constant window have σ = 0. The lower band may be negative.
/// - Warm-up: `period` inputs.
/// - Complexity: O(1) time per input, amortised: a sweep over `period` slots every `period` inputs.
///   O(`period`) memory, allocated once (again only by the first update of a copy).
/// - Source: J. Bollinger, *Bollinger on Bollinger Bands* (2001); TA-Lib's `BBANDS` with a simple
///   average.
public struct BollingerBands: Indicator {
  /// The bands at one candle.
  public struct Output: Hashable, Sendable, Codable {
    /// The mean, in the unit of the input.
    public var middle: Double

    /// The population's standard deviation σ, in the unit of the input.
    public var deviation: Double

    /// How many deviations lie between the middle and either band.
    public var width: Double

    /// The mean less `width` deviations.
    @inlinable public var lower: Double { middle - width * deviation }

    /// The mean plus `width` deviations.
    @inlinable public var upper: Double { middle + width * deviation }

    /// Makes bands from their parts.
    @inlinable
    public init(middle: Double, deviation: Double, width: Double) {
      self.middle = middle
      self.deviation = deviation
      self.width = width
    }
  }

  /// The number of values in the mean and the deviation.
  public let period: Int

  /// How many deviations lie between the middle and either band.
  public let width: Double

  /// The first value comes with the `period`-th input.
  public var warmUp: Int { period }

  @usableFromInline var isWarm = false
  @usableFromInline var slots: [Moments]
  @usableFromInline var index = 0  // The slot that the next input takes.
  @usableFromInline var tailOrigin = 0.0  // The last value of the last block.
  @usableFromInline var headOrigin = 0.0  // The first value of the present block.
  @usableFromInline var head = Moments()

  /// Makes bands `width` standard deviations above and below the mean of `period` values.
  ///
  /// - Parameters:
  ///   - period: At least 1; 20 by custom.
  ///   - width: Finite and not negative, in standard deviations; 2 by custom.
  public init(period: Int, width: Double = 2) {
    precondition(period >= 1, "Bollinger period must be at least 1, was \(period)")
    precondition(
      width >= 0 && width.isFinite, "Bollinger width must be finite and not negative, was \(width)")
    self.period = period
    self.width = width
    slots = Array(repeating: Moments(), count: period)
  }

  /// Takes the next value, and returns the bands at it, or `nil` before the `period`-th.
  @inlinable @inline(__always)
  public mutating func update(_ value: Double) -> Output? {
    slots[index] = Moments(mean: value)
    if index == 0 { headOrigin = value }
    head = head.merged(
      count: Double(index), with: Moments(mean: value - headOrigin), otherCount: 1)
    index += 1
    if index < period {
      guard isWarm else { return nil }
      let shifted = Moments(mean: head.mean + (headOrigin - tailOrigin), squares: head.squares)
      let window = slots[index].merged(
        count: Double(period - index), with: shifted, otherCount: Double(index))
      return bands(window, from: tailOrigin)
    }
    let bands = bands(head, from: headOrigin)
    turn(last: value)
    return bands
  }

  /// Ends a block: each slot's value gives way to the moments of the slots from it to the last.
  @inlinable
  mutating func turn(last: Double) {
    tailOrigin = last
    var tail = Moments()
    var count = 0.0
    for slot in slots.indices.reversed() {
      tail = tail.merged(
        count: count, with: Moments(mean: slots[slot].mean - last), otherCount: 1)
      slots[slot] = tail
      count += 1
    }
    head = Moments()
    index = 0
    isWarm = true
  }

  @inlinable
  func bands(_ window: Moments, from origin: Double) -> Output {
    Output(
      middle: origin + window.mean,
      deviation: (window.squares / Double(period)).squareRoot(),
      width: width)
  }
}

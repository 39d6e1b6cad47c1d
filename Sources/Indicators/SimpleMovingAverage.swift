/// Averages the last `period` values, all with the same weight.
///
///     SMA = (x₁ + … + xₙ) / n     over the last n = `period` values
///
/// A running sum that adds the newcomer and subtracts the value that leaves keeps the rounding
/// error of everything that ever passed: one price of 9e10 would spoil prices of 1e-8 for good,
/// and compensation only postpones that. So nothing is ever subtracted here. The stream is cut into
/// blocks of `period` values. A window is the tail of the last block and the head of the present
/// one: the sums of all tails are made in one sweep when a block ends, and the head grows by
/// one addition per value.
///
///     slots     x₀ x₁ x₂ │ Σ₃… Σ₄…     tails of the last block, not yet overwritten
///     head      x₀ + x₁ + x₂           SMA = (Σ₃… + head) / 5
///
/// Each sum holds the window's own values only, so its error is below `period` roundings of
/// the sum of their magnitudes, after a million updates as after the first. At the end of a block,
/// the first value included, the sum runs oldest to newest; elsewhere its last bit may depend on
/// where the stream began.
///
/// - Input: one value per candle, oldest first, of any unit; finite.
/// - Output: `nil` for the first `period − 1` inputs, then the mean, in the unit of the input.
/// - Warm-up: `period` inputs.
/// - Complexity: O(1) time per input, amortised: a sweep of `period` additions every `period`
///   inputs. O(`period`) memory, allocated once (again only by the first update of a copy).
/// - Source: the definition; TA-Lib's `SMA` is the running sum described above.
public struct SimpleMovingAverage: Indicator {
  /// The number of values averaged.
  public let period: Int

  /// The first value comes with the `period`-th input.
  public var warmUp: Int { period }

  @usableFromInline let divisor: Double
  @usableFromInline var isWarm = false
  @usableFromInline var slots: [Double]
  @usableFromInline var index = 0  // The slot that the next input takes.
  @usableFromInline var head = 0.0

  /// Makes an average over `period` values.
  ///
  /// - Parameter period: At least 1.
  public init(period: Int) {
    precondition(period >= 1, "SMA period must be at least 1, was \(period)")
    self.period = period
    divisor = Double(period)
    slots = Array(repeating: 0, count: period)
  }

  /// Takes the next value, and returns the mean at it, or `nil` before the `period`-th.
  @inlinable
  public mutating func update(_ value: Double) -> Double? {
    slots[index] = value
    head += value
    index += 1
    if index < period {
      return isWarm ? (slots[index] + head) / divisor : nil
    }
    let mean = head / divisor
    turn()
    return mean
  }

  /// Ends a block: each slot's value gives way to the sum of the slots from it to the last.
  @inlinable
  mutating func turn() {
    var tail = 0.0
    for slot in slots.indices.reversed() {
      tail = slots[slot] + tail
      slots[slot] = tail
    }
    head = 0
    index = 0
    isWarm = true
  }
}

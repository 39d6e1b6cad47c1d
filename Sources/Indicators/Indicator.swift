/// A figure that follows a market, one input at a time.
///
/// An indicator is a small value: it is fed inputs oldest first, answers `nil` until it has seen
/// `warmUp` of them, and from then on answers every input with a value. It reads no clock and
/// keeps no history beyond what its formula needs, so a copy is a snapshot: feeding the copy
/// leaves the original where it was.
///
/// Inputs are finite doubles. An update is a handful of floating-point operations in a fixed
/// order, never fused (SEMANTICS 1.1), so the same inputs give the same bits everywhere.
///
/// ```swift
/// var rsi = RelativeStrengthIndex(period: 14)
/// for close in closes {
///   if let value = rsi.update(close), value <= 30 { print("oversold at \(close)") }
/// }
/// ```
public protocol Indicator<Input, Output>: Sendable, Codable {
  /// What one update consumes: a price, or the parts of a candle that the formula needs.
  associatedtype Input: Sendable

  /// What a warm indicator answers.
  associatedtype Output: Sendable

  /// The number of inputs up to and including the one that gives the first value.
  var warmUp: Int { get }

  /// Takes the next input, and returns the value at it, or `nil` before the `warmUp`-th input.
  mutating func update(_ input: Input) -> Output?
}

extension Indicator {
  /// Returns the value at each of `inputs`, oldest first: the batch form of `update`.
  ///
  /// A copy of this indicator does the work, so a fresh indicator answers as if the inputs were
  /// all there is, a running one as if they came next, and neither is changed.
  ///
  /// - Parameter inputs: The inputs, oldest first.
  /// - Returns: One element per input, `nil` where the indicator is not warm yet.
  /// - Complexity: One update per input, and the array of results.
  @inlinable
  public func values(of inputs: some Sequence<Input>) -> [Output?] {
    var copy = self
    return inputs.map { copy.update($0) }
  }
}

/// The values a parameter may have: two ends, each included or not.
public struct Bounds<Value: Comparable & Hashable & Sendable>: Hashable, Sendable {
  /// One end of the range.
  public enum End: Hashable, Sendable {
    /// Up to this value, which is allowed.
    case included(Value)
    /// Up to this value, which is not allowed.
    case excluded(Value)
  }

  /// The least value.
  public let lower: End
  /// The greatest value.
  public let upper: End

  /// The range between two ends.
  public init(_ lower: End, _ upper: End) {
    self.lower = lower
    self.upper = upper
  }

  /// The range with both ends included.
  public init(_ range: ClosedRange<Value>) {
    self.init(.included(range.lowerBound), .included(range.upperBound))
  }

  /// Whether `value` lies within the range.
  public func contains(_ value: Value) -> Bool {
    let above =
      switch lower {
      case .included(let end): value >= end
      case .excluded(let end): value > end
      }
    let below =
      switch upper {
      case .included(let end): value <= end
      case .excluded(let end): value < end
      }
    return above && below
  }
}

extension Bounds: CustomStringConvertible {
  /// In words: `from 1 to 1000`, `above 0 and below 1`.
  public var description: String {
    switch (lower, upper) {
    case (.included(let least), .included(let most)): "from \(least) to \(most)"
    case (.included(let least), .excluded(let most)): "from \(least) to below \(most)"
    case (.excluded(let least), .included(let most)): "above \(least) and at most \(most)"
    case (.excluded(let least), .excluded(let most)): "above \(least) and below \(most)"
    }
  }
}

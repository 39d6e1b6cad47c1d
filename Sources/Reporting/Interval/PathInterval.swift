public import Market

/// One run twice, with the high of each candle before its low and after it; SEMANTICS 6.1.
///
/// Candles do not say which came first, and the two runs say how much that matters. Their figures are
/// no bounds: a market that takes now the one order and now the other may end outside.
public struct PathInterval: Sendable {
  /// Which of the two runs.
  public enum Order: Hashable, Sendable {
    /// The high came first.
    case highFirst
    /// The low came first.
    case lowFirst
  }

  /// What one figure is in the two runs.
  public struct Figure<Value: Comparable & Hashable & Sendable>: Hashable, Sendable {
    /// With the high first; `nil` where the figure does not exist.
    public let highFirst: Value?
    /// With the low first, likewise.
    public let lowFirst: Value?

    /// From the lesser to the greater; `nil` where either does not exist.
    public var range: ClosedRange<Value>? {
      guard let highFirst, let lowFirst else { return nil }
      return min(highFirst, lowFirst)...max(highFirst, lowFirst)
    }

    /// The order that gives the lesser; `nil` where both give the same, or one gives none.
    public var lesser: Order? {
      guard let highFirst, let lowFirst, highFirst != lowFirst else { return nil }
      return highFirst < lowFirst ? .highFirst : .lowFirst
    }
  }

  /// The run with the high first.
  public let highFirst: RunResult
  /// The run with the low first; but for the order it was asked for the same.
  public let lowFirst: RunResult
  /// The figures of the run with the high first.
  public let highFirstMetrics: Metrics
  /// The figures of the run with the low first.
  public let lowFirstMetrics: Metrics

  /// The interval between two runs of the same candles and settings.
  public init(highFirst: RunResult, lowFirst: RunResult) {
    self.highFirst = highFirst
    self.lowFirst = lowFirst
    highFirstMetrics = Metrics(highFirst)
    lowFirstMetrics = Metrics(lowFirst)
  }

  /// What the account is worth at the end; exact.
  public var finalEquity: Figure<Money> {
    Figure(highFirst: highFirst.finalEquity, lowFirst: lowFirst.finalEquity)
  }

  /// Every metric, in the order of a result file.
  public var metrics: [(name: String, figure: Figure<Metrics.Value>)] {
    zip(highFirstMetrics.named, lowFirstMetrics.named).map { high, low in
      (high.name, Figure(highFirst: high.value.existing, lowFirst: low.value.existing))
    }
  }
}

extension Metrics.Value {
  /// Itself; `nil` where it is a figure that does not exist.
  fileprivate var existing: Self? { number == nil ? nil : self }
}

extension Metrics.Value: Comparable {
  /// By number; a figure that does not exist comes before all others.
  public static func < (left: Self, right: Self) -> Bool {
    switch (left.number, right.number) {
    case (_, nil): false
    case (nil, _?): true
    case (let left?, let right?): left < right
    }
  }
}

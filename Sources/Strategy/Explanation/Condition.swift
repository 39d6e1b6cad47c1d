public import Market

/// One condition of a signal, with the figure that met it and the bound it was held against.
public struct Condition: Hashable, Sendable {
  /// How the figure must stand to the bound.
  public enum Relation: String, Hashable, Sendable {
    /// At most the bound.
    case atMost = "≤"
    /// Below the bound.
    case below = "<"
    /// At least the bound.
    case atLeast = "≥"
    /// Above the bound.
    case above = ">"
  }

  /// What is looked at, in a few words: `RSI, lowest of 12`.
  public var name: String
  /// The figure; `nil` where it does not exist, which meets nothing.
  public var value: Double?
  /// How it must stand to the bound.
  public var relation: Relation
  /// The bound; `nil` where it does not exist.
  public var bound: Double?
  /// What the bound is, in a few words: `rsi_oversold`, `the candle before`.
  public var boundName: String
  /// The start of the candle whose figure it is.
  public var candle: Timestamp
  /// Whether figure and bound are prices, in quote currency.
  public var isPrice: Bool

  /// A condition of these parts.
  public init(
    _ name: String, _ value: Double?, _ relation: Relation, _ bound: Double?, _ boundName: String,
    at candle: Timestamp, isPrice: Bool = false
  ) {
    self.name = name
    self.value = value
    self.relation = relation
    self.bound = bound
    self.boundName = boundName
    self.candle = candle
    self.isPrice = isPrice
  }

  /// Whether the figure met it.
  public var isMet: Bool {
    guard let value, let bound else { return false }
    switch relation {
    case .atMost: return value <= bound
    case .below: return value < bound
    case .atLeast: return value >= bound
    case .above: return value > bound
    }
  }
}

/// A candle and the strategy's figures at its close.
public struct Moment: Hashable, Sendable {
  /// The candle.
  public var candle: Candle
  /// The figures.
  public var readings: [Reading]

  /// A moment of these parts.
  public init(candle: Candle, readings: [Reading]) {
    self.candle = candle
    self.readings = readings
  }

  /// The figure of a name; `nil` where there is none, or no value yet.
  public subscript(name: String) -> Double? { readings.first { $0.name == name }?.value }
}

/// Why a close was a signal: asked when a run is over, never in the loop over its candles.
public struct SignalExplanation: Hashable, Sendable {
  /// What the strategy wanted to buy.
  public var signal: EntrySignal
  /// The candle that closed, and the one before it where there is one, newest last.
  public var moments: [Moment]
  /// What was met, in the strategy's order; empty where the strategy does not say.
  public var conditions: [Condition]

  /// An explanation of these parts.
  public init(signal: EntrySignal, moments: [Moment], conditions: [Condition]) {
    self.signal = signal
    self.moments = moments
    self.conditions = conditions
  }

  /// Lets a strategy see candles, oldest first, and explain its answer to the last.
  ///
  /// - Returns: `nil` where the last close was no signal.
  @inlinable
  public init?<S: TradingStrategy>(of strategy: S, after candles: some Collection<Candle>) {
    var strategy = strategy
    var moments: [Moment] = []
    var signal: EntrySignal?
    let kept = max(2, strategy.hindsight + 1)
    var left = candles.count
    for candle in candles {
      signal = strategy.candleClosed(candle)
      if left <= kept { moments.append(Moment(candle: candle, readings: strategy.readings)) }
      left -= 1
    }
    guard let signal else { return nil }
    self.init(
      signal: signal, moments: moments.suffix(2),
      conditions: strategy.conditions(at: moments))
  }
}

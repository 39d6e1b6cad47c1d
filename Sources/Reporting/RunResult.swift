public import Execution
public import Market
public import Strategy

/// A finished run of one pair: all that a report is made from.
///
/// Exact figures only; every double of a report is derived from these.
public struct RunResult: Sendable {
  /// A setting as text, under its full key such as `exit.trail`.
  public struct Setting: Hashable, Sendable {
    /// The full key.
    public var key: String
    /// The value as a user would write it.
    public var value: String

    /// A key and its value.
    public init(key: String, value: String) {
      self.key = key
      self.value = value
    }
  }

  /// The position at the end, if there is one.
  public struct OpenPosition: Hashable, Sendable {
    /// When its first fill came.
    public var entryTime: Timestamp
    /// What is held.
    public var quantity: Quantity
    /// The greatest price since then.
    public var highest: Price
    /// The trigger in force.
    public var trigger: Price

    /// A position of these figures.
    public init(entryTime: Timestamp, quantity: Quantity, highest: Price, trigger: Price) {
      self.entryTime = entryTime
      self.quantity = quantity
      self.highest = highest
      self.trigger = trigger
    }
  }

  /// The strategy's figures at one candle.
  public struct IndicatorRow: Hashable, Sendable {
    /// The candle's start.
    public var time: Timestamp
    /// The figures in the strategy's order.
    public var readings: [Reading]

    /// The figures of one candle.
    public init(time: Timestamp, readings: [Reading]) {
      self.time = time
      self.readings = readings
    }
  }

  /// Where the candles came from, as the user named it.
  public var source: String
  /// What was traded.
  public var product: Product
  /// The candles' length.
  public var interval: TimeSpan
  /// The candles that were played, oldest first.
  public var candles: [Candle]
  /// The time range to which the run was bound; `nil` where it took all candles of the file.
  public var timeRange: TimeRange?
  /// How many candles before the range warmed the strategy's indicators.
  public var warmUp = 0
  /// What was found out about the candles' file; gaps are those between the candles played.
  public var data: DataQuality
  /// Every setting in force, in the order of SEMANTICS 9.
  public var settings: [Setting]
  /// Those that differ from the defaults.
  public var changed: [Setting]
  /// The cash at the start.
  public var startingCash: Money
  /// The stop's distance, for the warning of SEMANTICS 7.5; `nil` where the exit has no such figure.
  public var trail: Rate?
  /// What happened.
  public var record: RunRecord
  /// The position at the end.
  public var openPosition: OpenPosition?
  /// The numbers of the orders that still work at the end.
  public var workingOrders: [UInt64]
  /// The strategy's figures at a few candles.
  public var indicators: [IndicatorRow]

  /// A result of these parts.
  public init(
    source: String, product: Product, interval: TimeSpan, candles: [Candle], data: DataQuality,
    settings: [Setting], changed: [Setting], startingCash: Money, trail: Rate?, record: RunRecord,
    openPosition: OpenPosition?, workingOrders: [UInt64], indicators: [IndicatorRow]
  ) {
    self.source = source
    self.product = product
    self.interval = interval
    self.candles = candles
    self.data = data
    self.settings = settings
    self.changed = changed
    self.startingCash = startingCash
    self.trail = trail
    self.record = record
    self.openPosition = openPosition
    self.workingOrders = workingOrders
    self.indicators = indicators
  }
}

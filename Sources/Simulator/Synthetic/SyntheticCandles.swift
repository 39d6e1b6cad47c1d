public import Market

/// Makes up valid candles: a random walk with trends, dips and rebounds, the same for the same seed.
///
/// Each candle walks eight small steps, each of a bell-shaped size (a sum of four uniform numbers),
/// so its open, high, low and close agree with one another as those of a market do. The walk changes
/// its mood every few dozen candles: up, down, sideways, or a sharp dip and the rebound behind it,
/// which is where a strategy that buys oversold turns finds its entries. Far from the start price
/// (50-fold) the mood turns back.
///
/// Only integers, and additions, products, quotients, roots and roundings of IEEE doubles, are used,
/// so a seed means the same candles on every platform. The sequence ends early at the year 2100.
public struct SyntheticCandles: Sequence, IteratorProtocol, Sendable {
  /// What to make up.
  public struct Settings: Hashable, Sendable {
    /// Which of all possible sequences.
    public var seed: UInt64
    /// How many candles.
    public var count: Int
    /// The start of the first; a multiple of the interval.
    public var start: Timestamp
    /// The interval.
    public var interval: TimeSpan
    /// The first open.
    public var startPrice: Price
    /// All prices are multiples of it.
    public var tick: Price
    /// The standard deviation of a candle's change, as a fraction of the price.
    public var volatility: Double
    /// The mean of a candle's change, as a fraction of the price.
    public var drift: Double
    /// The mean volume of a candle that has one.
    public var meanVolume: Quantity
    /// How probable it is that 1 to 12 candles are missing before a candle.
    public var gapProbability: Double
    /// How probable it is that a candle has no volume; it is flat then.
    public var zeroVolumeProbability: Double

    /// Settings; the defaults resemble a year's fifth of BTC-USD in candles of five minutes.
    public init(
      seed: UInt64 = 1, count: Int = 20_000,
      start: Timestamp = Timestamp(seconds: 1_704_067_200),
      interval: TimeSpan = TimeSpan(seconds: 300),
      startPrice: Price = 40_000, tick: Price = Price(steps: 1_000_000),
      volatility: Double = 0.002, drift: Double = 0, meanVolume: Quantity = 10,
      gapProbability: Double = 0.001, zeroVolumeProbability: Double = 0.001
    ) {
      self.seed = seed
      self.count = count
      self.start = start
      self.interval = interval
      self.startPrice = startPrice
      self.tick = tick
      self.volatility = volatility
      self.drift = drift
      self.meanVolume = meanVolume
      self.gapProbability = gapProbability
      self.zeroVolumeProbability = zeroVolumeProbability
    }
  }

  private enum Mood {
    case up, down, sideways, dip, rebound
  }

  private let settings: Settings
  private var random: SplitMix64
  private var remaining: Int
  private var start: Timestamp
  /// The price in ticks, not yet rounded, and the same on the tick.
  private var level: Double
  private var lastClose: Int64
  private var mood = Mood.sideways
  private var moodLasts: Int

  /// The candles of these settings.
  ///
  /// - Precondition: The settings make sense: a start on the grid, a start price on the tick and
  ///   above 0, a volatility of at most 1, a drift in -1...1, probabilities in 0...1, a mean volume of
  ///   at most 1e15.
  public init(_ settings: Settings) {
    precondition(settings.count >= 0, "the count is at least 0, was \(settings.count)")
    precondition(
      settings.interval.nanoseconds > 0
        && settings.start.nanoseconds % settings.interval.nanoseconds == 0,
      "the start is a multiple of the interval, was \(settings.start)")
    precondition(
      settings.tick.steps > 0 && settings.startPrice.steps > 0
        && settings.startPrice.steps % settings.tick.steps == 0,
      "the start price is a positive multiple of the tick, was \(settings.startPrice)")
    precondition(
      (0...1).contains(settings.volatility) && (-1...1).contains(settings.drift),
      "volatility is in 0...1 and drift in -1...1")
    precondition(
      (0...1).contains(settings.gapProbability) && (0...1).contains(settings.zeroVolumeProbability),
      "probabilities are in 0...1")
    precondition(
      settings.meanVolume >= .zero && settings.meanVolume <= 1_000_000_000_000_000,
      "the mean volume is in 0...1e15, was \(settings.meanVolume)")
    self.settings = settings
    random = SplitMix64(seed: settings.seed)
    remaining = settings.count
    start = settings.start
    lastClose = settings.startPrice.steps / settings.tick.steps
    level = Double(lastClose)
    moodLasts = 60  // Quiet at first, so that indicators warm up.
  }

  /// The next candle.
  public mutating func next() -> Candle? {
    guard remaining > 0 else { return nil }
    remaining -= 1
    if happens(settings.gapProbability) {
      start = start + settings.interval * (1 + Int(random.next() >> 32) % 12)
    }
    guard start < Self.end else { return nil }
    let candle = happens(settings.zeroVolumeProbability) ? flat() : walk()
    start = start + settings.interval
    return candle
  }

  // MARK: - One candle

  private func flat() -> Candle {
    let price = price(lastClose)
    return Candle(start: start, open: price, high: price, low: price, close: price, volume: .zero)
  }

  private mutating func walk() -> Candle {
    let open = lastClose
    var high = open
    var low = open
    let mean = (settings.drift + settings.volatility * moodStrength()) / 8
    let deviation = settings.volatility / Double(8).squareRoot()
    for _ in 0..<8 {
      level *= 1 + mean + deviation * bell()
      level = Swift.min(Swift.max(level, 1), greatestLevel)
      lastClose = Int64(level.rounded())
      high = Swift.max(high, lastClose)
      low = Swift.min(low, lastClose)
    }
    return Candle(
      start: start, open: price(open), high: price(high), low: price(low),
      close: price(lastClose), volume: volume())
  }

  private func price(_ ticks: Int64) -> Price { Price(steps: ticks * settings.tick.steps) }

  /// A tenth of what prices can be, and at most 2^53, up to which doubles count every tick.
  private var greatestLevel: Double {
    Double(Swift.min(Int64.max / 10 / settings.tick.steps, 1 << 53))
  }

  /// Two uniform numbers make the volume: mostly near the mean, at most twice it.
  private mutating func volume() -> Quantity {
    let bits = random.next()
    let sum = Int128(bits >> 32) + Int128(bits & 0xFFFF_FFFF)
    return Quantity(steps: (settings.meanVolume.steps * sum) >> 32)
  }

  // MARK: - Moods

  /// The mean change of a candle in multiples of the volatility.
  private mutating func moodStrength() -> Double {
    if moodLasts == 0 { changeMood() }
    moodLasts -= 1
    return switch mood {
    case .up: 0.1
    case .down: -0.1
    case .sideways: 0
    case .dip: -0.9
    case .rebound: 0.7
    }
  }

  private mutating func changeMood() {
    let start = Double(settings.startPrice.steps / settings.tick.steps)
    let choice = Int(random.next() >> 32)
    let length = Int(random.next() >> 32)
    if mood == .dip {
      mood = .rebound
    } else if level < start / 50 {
      mood = .up
    } else if level > start * 50 {
      mood = .down
    } else {
      switch choice % 10 {
      case 0, 1, 2: mood = .up
      case 3, 4: mood = .down
      case 5, 6: mood = .sideways
      default: mood = .dip
      }
    }
    moodLasts =
      switch mood {
      case .up, .down, .sideways: 30 + length % 120
      case .dip: 8 + length % 9
      case .rebound: 9 + length % 12
      }
  }

  // MARK: - Randomness

  /// A number with mean 0 and standard deviation 1, from four uniform ones of 16 bits.
  private mutating func bell() -> Double {
    let bits = random.next()
    let sum = (bits & 0xFFFF) + (bits >> 16 & 0xFFFF) + (bits >> 32 & 0xFFFF) + bits >> 48
    // Four uniform numbers of 0...1 have mean 2 and variance 1/3.
    return (Double(sum) / 65_535 - 2) * Double(3).squareRoot()
  }

  private mutating func happens(_ probability: Double) -> Bool {
    Double(random.next() >> 11) / 9_007_199_254_740_992 < probability
  }

  /// 2100-01-01.
  private static var end: Timestamp { Timestamp(seconds: 4_102_444_800) }
}

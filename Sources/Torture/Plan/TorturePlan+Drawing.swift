import Market
import Sandbox
import Simulator

extension TorturePlan {
  private static let names = ["BTC-USD", "ETH-USD", "SOL-USD", "ADA-USD", "LTC-USD"]

  /// The plan of a seed, always the same.
  package init(seed: UInt64) {
    // Seeds in a row begin with far-apart states.
    var random = SplitMix64(seed: seed &* 0x9E37_79B9_7F4A_7C15 ^ 0x7072_7475)
    let count = [1, 1, 2, 2, 3, 4, 5].picked(&random)
    let span = Span(pairs: count, &random)
    let history = random.happens(0.5) ? Int.random(in: 1...150, using: &random) : 0
    let sharesGroups = random.happens(0.5)
    pairs = (0..<count).map { index in
      let price = [40_000, 2_300, 100, 8, 71][index]
      // A share of a candle's volume is ours: so little in some markets that orders fill in parts.
      let worth = [400, 4_000, 40_000, 400_000].picked(&random)
      return Pair(
        name: Self.names[index],
        group: sharesGroups ? ["one", "two"].picked(&random) : nil,
        candles: SyntheticCandles.Settings(
          seed: random.next(), count: span.candles + history,
          interval: TimeSpan(seconds: Int64(span.interval)),
          startPrice: Price(steps: Int64(price) * 100_000_000),
          volatility: [0.001, 0.003, 0.006].picked(&random),
          meanVolume: Quantity(steps: Int128(worth) * 100_000_000 / Int128(price)),
          gapProbability: [0, 0.002, 0.01].picked(&random),
          zeroVolumeProbability: [0, 0.01].picked(&random)),
        minimum: [1, 1, 20].picked(&random))
    }
    self.seed = seed
    interval = span.interval
    self.history = history
    cash = 10_000
    ownCoins = random.happens(0.3) ? "0.75" : nil
    enforcesMinimums = random.happens(0.3)
    key = Key.allCases.picked(&random)
    settings =
      Self.strategy(&random) + Self.market(&random) + Self.limits(&random, pairs: count)
      + Self.patience
      + [
        Setting("live.warm_up", [0, 60, 200].picked(&random)),
        Setting("live.reconcile_every", [10, 20, 60].picked(&random)),
        // Of the session's own time, as `live.time_scale` has it. It holds the market up for ten seconds of that
        // at most: of more the market goes on while a stop waits to be moved.
        Setting("live.replace_interval", [0, 0, 0, 0, 1, 2, 2, 20].picked(&random)),
      ]
    kills = Self.kills(&random, events: span.candles * count * 5)
    faults = .random(seed: seed)
    faults.patience = TimeSpan(seconds: 1)
    faults.fit(into: length)
    // The last, so that a seed's market stays what it was.
    for index in kills.indices { kills[index].isPolite = random.happens(0.3) }
    acts = Self.acts(
      seed: seed, pairs: count, events: span.candles * count * 5, ends: kills.count,
      hasBreaker: settings.contains { $0.key == "portfolio.emergency_liquidation_loss_pct" })
  }

  private static func strategy(_ random: inout SplitMix64) -> [Setting] {
    let common = [
      Setting("exit.stop_limit_offset", ["0", "0.001", "0.005"].picked(&random)),
      Setting("exit.escalate_after", [0, 60, 300, 900].picked(&random)),
      Setting("exit.escalate_offset", ["0", "0.002", "0.01"].picked(&random)),
    ]
    if random.happens(0.5) {
      return [
        Setting("strategy.name", "sma_cross"),
        Setting("strategy.fast", Int.random(in: 2...4, using: &random)),
        Setting("strategy.slow", Int.random(in: 6...14, using: &random)),
        Setting("exit.atr_period", Int.random(in: 3...10, using: &random)),
        Setting("exit.atr_multiple", ["0.7", "1", "1.5", "2.5"].picked(&random)),
      ] + common
    }
    return [
      Setting("strategy.rsi_period", Int.random(in: 3...8, using: &random)),
      Setting("strategy.rsi_oversold", Int.random(in: 40...60, using: &random)),
      Setting("strategy.macd_fast", Int.random(in: 2...4, using: &random)),
      Setting("strategy.macd_slow", Int.random(in: 6...10, using: &random)),
      Setting("strategy.macd_signal", Int.random(in: 2...4, using: &random)),
      Setting("strategy.window", Int.random(in: 6...30, using: &random)),
      Setting("strategy.vwap_discount", "-0.05"),
      Setting("strategy.entry_offset", ["0", "0.0005", "0.002"].picked(&random)),
      Setting("strategy.entry_ttl", Int.random(in: 1...4, using: &random)),
      Setting("strategy.cooldown", [0, 0, 2].picked(&random)),
      Setting("strategy.post_only", random.happens(0.2)),
      Setting("exit.trail", ["0.002", "0.004", "0.008", "0.02"].picked(&random)),
      Setting("exit.min_ratchet", ["0", "0.0005", "0.002"].picked(&random)),
    ] + common
  }

  private static func market(_ random: inout SplitMix64) -> [Setting] {
    [
      Setting("simulation.path", ["nearest", "high-first", "low-first"].picked(&random)),
      Setting("simulation.slippage", ["0", "0.0001", "0.001"].picked(&random)),
      Setting("simulation.fill_on_touch", random.happens(0.3)),
      Setting("simulation.participation", ["0.1", "0.3", "1"].picked(&random)),
      Setting("simulation.maker_rate", ["0", "0.001", "0.005"].picked(&random)),
      Setting("simulation.taker_rate", ["0.001", "0.009"].picked(&random)),
    ]
  }

  private static func limits(_ random: inout SplitMix64, pairs: Int) -> [Setting] {
    let size = [5, 20, 50, 100].picked(&random)
    var limits = [
      Setting("portfolio.position_size", size == 100 ? "1" : size == 5 ? "0.05" : "0.\(size)")
    ]
    if random.happens(0.5) {
      limits.append(
        Setting("portfolio.max_positions", Int.random(in: 1...pairs, using: &random)))
    }
    if random.happens(0.4) {
      limits.append(
        Setting("portfolio.max_position_size_pct", [5, 15, 40].picked(&random)))
    }
    if random.happens(0.4) {
      limits.append(
        // Below the size of an entry every one would be refused.
        Setting(
          "portfolio.max_correlated_exposure_pct",
          min(100, size + [2, 20, 60].picked(&random))))
    }
    if random.happens(0.2) {
      limits.append(
        Setting("portfolio.emergency_liquidation_loss_pct", [-1, -4].picked(&random)))
    }
    if random.happens(0.2) {
      limits.append(Setting("portfolio.daily_loss_limit_pct", [1, 3].picked(&random)))
    }
    return limits
  }

  /// What keeps a seed from waiting by the clock.
  static var patience: [Setting] {
    [
      // More would let a busy machine's moments count as a feed that has fallen silent.
      Setting("live.candle_grace", 0), Setting("live.time_scale", 20),
      Setting("live.stale_after", 60),
    ]
      + ["private", "public", "fills"].flatMap {
        [
          Setting("exchange.\($0)_per_minute", 100_000), Setting("exchange.\($0)_burst", 1000),
        ]
      }
  }

  private static func kills(_ random: inout SplitMix64, events: Int) -> [Kill] {
    guard random.happens(0.75) else { return [] }
    return (0..<Int.random(in: 1...5, using: &random)).map { _ in
      // Most of what a client does with a message takes less than this.
      let wait = random.happens(0.4) ? 0 : Int.random(in: 0...3000, using: &random)
      let moment: Moment =
        switch Int.random(in: 0..<10, using: &random) {
        case 0..<4: .atEvent(Int.random(in: 0..<events, using: &random), microseconds: wait)
        case 4..<8: .atOrder(Int.random(in: 1...60, using: &random), microseconds: wait)
        default:
          .afterStart(
            Int.random(in: 1...3, using: &random),
            milliseconds: Int.random(in: 1...120, using: &random))
        }
      return Kill(moment: moment)
    }
  }
}

extension SplitMix64 {
  /// Whether something of this probability happens.
  mutating func happens(_ probability: Double) -> Bool {
    Double.random(in: 0..<1, using: &self) < probability
  }
}

extension Array {
  /// One of the elements, of which there is at least one.
  func picked(_ random: inout SplitMix64) -> Element {
    self[Int.random(in: indices, using: &random)]
  }
}

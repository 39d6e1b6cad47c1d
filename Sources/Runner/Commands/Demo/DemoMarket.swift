import Market
import Simulator

/// The made-up markets of `runner demo`: two that move together, and one of its own.
struct DemoMarket {
  let pair: String
  let candles: [Candle]

  /// All of them, in the order of registration; the same on every machine.
  static let all: [DemoMarket] = [
    DemoMarket("BTC-USD", leader: 15, own: 101, price: 43_000, volume: 12),
    DemoMarket("ETH-USD", leader: 15, own: 102, price: 2_300, volume: 150),
    DemoMarket("SOL-USD", leader: 55, own: 103, price: 100, volume: 2_000),
  ]

  private init(_ pair: String, leader: UInt64, own: UInt64, price: Price, volume: Quantity) {
    let count = 30 * 288  // Thirty days of five-minute candles.
    let market = SyntheticCandles.Settings(
      seed: leader, count: count, volatility: 0.0018, meanVolume: volume)
    let noise = SyntheticCandles.Settings(
      seed: own, count: count, volatility: 0.0006, gapProbability: 0, zeroVolumeProbability: 0)
    self.pair = pair
    candles = Array(
      FollowingCandles(market, own: noise, startPrice: price, tick: Price(steps: 1_000_000)))
  }

  /// The settings of the demonstration, as a file for `-c`.
  static let configuration = """
    # The settings of 'runner demo'. Every other key is at its default:
    # see Data/config.example.yaml, or 'runner config show'.
    simulation:
      cash: 10000
    portfolio:
      position_size: 0.06                  # an entry may cost 6 % of equity
      max_positions: 2                     # of the three pairs, two at once
      max_position_size_pct: 10
      max_correlated_exposure_pct: 12      # what a group may hold, in percent
      emergency_liquidation_loss_pct: -10  # sells everything
      rebalance_threshold_pct: 5
    pairs:
      - product_id: BTC-USD
        correlation_group: majors
      - product_id: ETH-USD
        correlation_group: majors
      - product_id: SOL-USD
        position_size: 0.04
        trail: 0.03                        # a wider stop than the others have

    """
}

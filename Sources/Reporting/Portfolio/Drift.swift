public import Market

/// How far a pair's share of the account is from the one meant for it; SEMANTICS 8.7.
///
///     weight = position × last close / equity      drift = |weight − target|
///
/// All are fractions. Rebalancing is advice: nothing trades for it.
public struct Drift: Hashable, Sendable {
  /// The pair's number.
  public var pair: Int
  /// Its share of equity.
  public var weight: Double
  /// Its position_size.
  public var target: Double
  /// Whether the drift is above rebalance_threshold_pct; `false` where that is off.
  public var isBeyondThreshold: Bool
  /// What would have to be bought (above 0) or sold, in the quote currency.
  public var toTarget: Double

  /// The drift of a pair.
  ///
  /// - Parameters:
  ///   - pair: Its number.
  ///   - worth: Position × latest close.
  ///   - equity: Of the account; `nil` is returned where it is not above 0.
  ///   - target: Its position_size.
  ///   - threshold: The drift beyond which rebalancing is advised; `nil` where that is off.
  public init?(pair: Int, worth: Money, equity: Money, target: Double, threshold: Double?) {
    guard equity > .zero else { return nil }
    let equity = equity.double
    let weight = worth.double / equity
    self.pair = pair
    self.weight = weight
    self.target = target
    isBeyondThreshold = threshold.map { (weight - target).magnitude > $0 } ?? false
    toTarget = (target - weight) * equity
  }

  /// The distance, at least 0.
  public var drift: Double { (weight - target).magnitude }
}

extension PortfolioResult {
  /// The drift beyond which rebalancing is advised, as a fraction; `nil` where it is off.
  public var rebalanceThreshold: Double? {
    let key = "portfolio.rebalance_threshold_pct"
    let text = settings.first { $0.key == key }?.value
    return text.flatMap(Double.init).map { $0 / 100 }
  }

  /// The drift of each pair with a target at the end of the run; none where equity is not above 0.
  public var drifts: [Drift] {
    let threshold = rebalanceThreshold
    return pairs.indices.compactMap { index in
      let pair = pairs[index]
      let size = (pair.settings + settings).first { $0.key == "portfolio.position_size" }?.value
      guard let target = size.flatMap(Double.init) else { return nil }
      let worth = pair.candles.last.map { $0.close * pair.finalPosition } ?? .zero
      return Drift(
        pair: index, worth: worth, equity: finalEquity, target: target, threshold: threshold)
    }
  }
}

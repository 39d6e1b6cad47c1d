public import Market

/// What an engine is told about its pair and its share of the account.
public struct EngineSettings: Hashable, Sendable, Codable {
  /// What is traded.
  public var product: Product
  /// Which run this is; part of every order id.
  public var session: UInt64
  /// The pair's place in the order of registration.
  public var pair: UInt32
  /// The candles' length.
  public var interval: TimeSpan
  /// The share of equity that an entry may spend.
  public var positionSize: Rate
  /// The fee rate that an entry must be able to pay.
  public var takerRate: Rate

  /// Settings of these values.
  public init(
    product: Product, session: UInt64 = 0, pair: UInt32 = 0,
    interval: TimeSpan = TimeSpan(seconds: 300), positionSize: Rate, takerRate: Rate
  ) {
    self.product = product
    self.session = session
    self.pair = pair
    self.interval = interval
    self.positionSize = positionSize
    self.takerRate = takerRate
  }
}

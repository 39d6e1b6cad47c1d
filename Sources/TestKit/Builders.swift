public import Execution
public import Market
public import Matching

/// The price a test writes as a literal; a typo in it stops the test.
public func price(_ text: String) -> Price { must { () throws(DecimalError) in try Price(text) } }
/// The quantity a test writes as a literal.
public func quantity(_ text: String) -> Quantity {
  must { () throws(DecimalError) in try Quantity(text) }
}
/// The amount a test writes as a literal.
public func money(_ text: String) -> Money { must { () throws(DecimalError) in try Money(text) } }
/// The rate a test writes as a literal.
public func rate(_ text: String) -> Rate { must { () throws(DecimalError) in try Rate(text) } }

private func must<Value>(_ make: () throws(DecimalError) -> Value) -> Value {
  do { return try make() } catch { preconditionFailure("\(error)") }
}

extension Timestamp {
  /// The beginning of most tests: 2024-01-01 00:00 UTC.
  public static let testStart = Timestamp(seconds: 1_704_067_200)
}

extension Candle {
  /// A candle of 300 s; `index` counts from the test's beginning.
  public init(
    _ index: Int, open: String, high: String, low: String, close: String, volume: String = "1000"
  ) {
    self.init(
      start: .testStart + TimeSpan(seconds: 300) * index, open: price(open), high: price(high),
      low: price(low), close: price(close), volume: quantity(volume))
  }
}

extension EngineSettings {
  /// A tenth of the account in each position, no fees to be provided for.
  public static var test: EngineSettings {
    EngineSettings(product: Product(), positionSize: rate("0.1"), takerRate: .zero)
  }
}

extension MarketModel {
  /// A market without fees and slippage.
  public static var free: MarketModel {
    MarketModel(slippage: .zero, makerRate: .zero, takerRate: .zero)
  }
}

/// What one unit of base currency costs, in quote currency, in steps of 1e-8.
///
/// 64 bits: no Coinbase product has a finer tick, and compares take one instruction. Holds up to
/// 92,233,720,368.54775807. DESIGN, decision 1.
public struct Price: ExactDecimal {
  /// The value in steps of 1e-8.
  public var steps: Int64

  /// A price of so many steps of 1e-8.
  @inlinable
  public init(steps: Int64) { self.steps = steps }

  /// Eight: a price counts steps of 1e-8.
  @inlinable
  public static var decimals: Int { 8 }
  /// "price".
  public static var noun: String { "price" }

  /// Price × quantity, exact: 8 + 8 decimals are 16, and money keeps 18.
  ///
  /// Traps on overflow; `notional(of:)` tells instead.
  @inlinable
  public static func * (price: Price, quantity: Quantity) -> Money {
    Money(steps: Int128(price.steps) * quantity.steps * 100)
  }

  /// Price × quantity, or `nil` where money cannot hold it.
  @inlinable
  public func notional(of quantity: Quantity) -> Money? {
    let (product, overflow) = Int128(steps).multipliedReportingOverflow(by: quantity.steps)
    let (money, overflowed) = product.multipliedReportingOverflow(by: 100)
    return overflow || overflowed ? nil : Money(steps: money)
  }
}

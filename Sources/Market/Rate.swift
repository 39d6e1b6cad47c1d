/// A plain number such as a fraction or a fee rate, in steps of 1e-18.
///
/// 0.02 is 2/100 exactly, not the nearest double. At most 18 decimals and up to 9.2; SEMANTICS 1.3.
public struct Rate: ExactDecimal {
  /// The value in steps of 1e-18.
  public var steps: Int64

  /// A rate of so many steps of 1e-18.
  @inlinable
  public init(steps: Int64) { self.steps = steps }

  /// Eighteen: a rate counts steps of 1e-18.
  @inlinable
  public static var decimals: Int { 18 }
  /// "number".
  public static var noun: String { "number" }

  /// One: the whole.
  @inlinable
  public static var one: Rate { Rate(steps: 1_000_000_000_000_000_000) }

  /// 1 − self, formed exactly.
  @inlinable
  public var complement: Rate { .one - self }

  /// 1 + self, formed exactly; `self` is at most 8.2.
  @inlinable
  public var growth: Rate { .one + self }
}

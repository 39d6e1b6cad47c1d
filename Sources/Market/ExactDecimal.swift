/// A decimal number held exactly, as a whole count of fixed steps.
///
/// `Price`, `Quantity`, `Money` and `Rate` conform. A value is `steps × 10^−decimals`; nothing is
/// ever rounded behind the caller's back: what does not fit is a `DecimalError`. SEMANTICS 1.1.
public protocol ExactDecimal: Hashable, Comparable, Sendable, Codable, CustomStringConvertible,
  ExpressibleByIntegerLiteral
{
  /// The integer that counts the steps.
  associatedtype Steps: FixedWidthInteger & SignedInteger & Sendable & Codable

  /// How many decimals one step has: 8 for a price, 18 for money.
  static var decimals: Int { get }
  /// What to call such a number in a message to the user.
  static var noun: String { get }
  /// The value in steps of `10^−decimals`.
  var steps: Steps { get set }

  /// Makes the value of so many steps.
  init(steps: Steps)
}

extension ExactDecimal {
  /// Nothing.
  @inlinable
  public static var zero: Self { Self(steps: 0) }

  /// Whole units, so that a literal `5` means five dollars or five coins, not five steps.
  @inlinable
  public init(integerLiteral units: Int64) {
    self.init(steps: Steps(units) * Self.stepsPerUnit)
  }

  /// How many steps make one unit: `10^decimals`.
  @inlinable
  public static var stepsPerUnit: Steps { powerOfTen(decimals) }

  @inlinable
  static func powerOfTen(_ exponent: Int) -> Steps {
    var power: Steps = 1
    for _ in 0..<exponent { power *= 10 }
    return power
  }

  /// Compares exactly.
  @inlinable
  public static func < (left: Self, right: Self) -> Bool { left.steps < right.steps }

  /// Adds exactly; traps on overflow, which callers rule out beforehand.
  @inlinable
  public static func + (left: Self, right: Self) -> Self { Self(steps: left.steps + right.steps) }

  /// Subtracts exactly; traps on overflow, which callers rule out beforehand.
  @inlinable
  public static func - (left: Self, right: Self) -> Self { Self(steps: left.steps - right.steps) }

  /// Adds in place.
  @inlinable
  public static func += (left: inout Self, right: Self) { left.steps += right.steps }

  /// Subtracts in place.
  @inlinable
  public static func -= (left: inout Self, right: Self) { left.steps -= right.steps }

  /// Changes the sign.
  @inlinable
  public static prefix func - (value: Self) -> Self { Self(steps: 0 - value.steps) }

  /// The shortest exact decimal: no exponent, no trailing zero, no point without decimals.
  public var description: String { withText { String(decoding: $0, as: UTF8.self) } }

  /// The greatest value the type holds.
  @inlinable
  public static var greatest: Self { Self(steps: .max) }

  /// The double nearest to the exact value, ties to even; SEMANTICS 1.1.
  ///
  /// Up to 2^53 steps this is one division of two exact doubles, which IEEE rounds once; above,
  /// the quotient is formed in integers and rounded once.
  @inlinable
  public var double: Double {
    if let small = Int64(exactly: steps), small.magnitude <= 1 << 53, Self.decimals <= 22 {
      return Double(small) / Double(Int64(Self.stepsPerUnit))
    }
    return NearestDouble.quotient(of: Int128(steps), by: Int128(Self.stepsPerUnit))
  }
}

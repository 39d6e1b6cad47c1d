/// The greatest number that divides all that were seen: the tick of a series of prices.
///
/// Nearly every value is a multiple of the step so far, and that is seen without a division: `v` is
/// a multiple of `2^s · m`, `m` odd, exactly where `v · m⁻¹ mod 2^64`, rotated right by `s`, is at
/// most `(2^64 − 1) / (2^s · m)` (Granlund and Montgomery, 1994; Hacker's Delight 10-17). That makes
/// a look at every price of a file cost two instructions where a division costs thirty cycles.
struct CommonStep: Hashable, Sendable {
  /// The greatest common divisor so far; 0 before the first value above 0.
  private(set) var step: UInt64 = 0
  private var inverse: UInt64 = 1
  private var shift: UInt64 = 0
  private var bound: UInt64 = 0

  /// Takes a value into account; 0 is a multiple of everything.
  mutating func add(_ value: UInt64) {
    let product = value &* inverse
    let rotated = (product &>> shift) | (product &<< (64 &- shift))
    if rotated > bound { narrow(to: value) }
  }

  /// Takes a value of any size into account.
  mutating func add(_ value: UInt128) {
    if let small = UInt64(exactly: value) {
      add(small)
      return
    }
    // The first value alone may be too large to be a step: then its decimal zeros are what counts.
    if step == 0 { narrow(to: 10_000_000_000_000_000_000) }
    add(UInt64(truncatingIfNeeded: value % UInt128(step)))
  }

  private mutating func narrow(to value: UInt64) {
    var (a, b) = (step, value)
    while b != 0 { (a, b) = (b, a % b) }
    step = a
    shift = UInt64(a.trailingZeroBitCount)
    let odd = a >> shift
    // Newton's iteration doubles the correct bits: 3 at first, 96 after five rounds.
    inverse = odd
    for _ in 0..<5 { inverse = inverse &* (2 &- odd &* inverse) }
    bound = .max / a
  }
}

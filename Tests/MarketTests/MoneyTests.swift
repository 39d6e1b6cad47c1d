import Market
import Simulator
import TestKit
import Testing

@Suite struct MoneyTests {
  static let fees: [(String, String, String)] = [
    ("990", "0.005", "4.95"),
    ("0", "0.009", "0"),
    // Exactly half of the 18th decimal goes to the even neighbour (SEMANTICS 1.4): the two products
    // end in …5 at the 19th decimal, one after an even, one after an odd digit.
    ("0.00000000000000025", "0.01", "0.000000000000000002"),
    ("0.00000000000000035", "0.01", "0.000000000000000004"),
    ("0.00000000000000015", "0.01", "0.000000000000000002"),
    ("0.00000000000000005", "0.01", "0"),
    ("0.000000000000000051", "0.01", "0.000000000000000001"),
    ("-0.00000000000000035", "0.01", "-0.000000000000000004"),
    ("1000000000000000000", "0.123456789012345678", "123456789012345678"),
    ("1.000000000000000001", "0.5", "0.5"),
    ("1.000000000000000003", "0.5", "0.500000000000000002"),
    ("170000000000000000000", "0.999999999999999999", "169999999999999999830"),
  ]

  @Test("A fee is rounded once, half to even", arguments: fees)
  func fee(notional: String, rate: String, fee: String) throws {
    #expect(try Money(notional).fee(at: Rate(rate)) == Money(fee))
  }

  @Test func `price times quantity is exact`() throws {
    #expect(try Price("0.00000001") * Quantity("0.00000001") == Money("0.0000000000000001"))
    #expect(try Price("115386.3") * Quantity("0.00429461") == Money("495.539157843"))
    #expect(try Price("92233720368").notional(of: Quantity("10000000000000")) == nil)
    #expect(try Price("0.00001").notional(of: Quantity("10000000000000")) == Money("100000000"))
  }

  @Test func `a portion of a volume is rounded down, however large`() throws {
    #expect(try Quantity("12.3456789").portion(Rate("0.1")) == Quantity("1.23456789"))
    #expect(try Quantity("12.34567899").portion(Rate("0.1")) == Quantity("1.23456789"))
    let huge = Quantity(steps: .max)
    #expect(huge.portion(.one) == huge)
    #expect(huge.portion(.zero) == .zero)
  }

  /// Checks 256-bit arithmetic against 128-bit arithmetic where that suffices.
  @Test("A budget buys what plain integers say", arguments: Seeds.ofThisRun)
  func buys(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    for _ in 0..<300 {
      // Amounts in whole cents and rates in hundredths keep the plain way within 128 bits.
      let cents = Int128.random(in: 0...10_000_000_000, using: &random)
      let share = Int128.random(in: 1...100, using: &random)
      let price = Int128.random(in: 1...1_000_000_000_000, using: &random)
      let fee = Int128.random(in: 0...99, using: &random)
      let scale: Int128 = 10_000_000_000_000_000
      let budget = WideMoney(
        Money(steps: cents * scale), times: Rate(steps: Int64(share * scale)))
      let quantity = try #require(
        budget.quantity(at: Price(steps: Int64(price)), plus: Rate(steps: Int64(fee * scale))))
      // cents/100 · share/100 ÷ (price/1e8 · (100 + fee)/100), in steps of 1e-8.
      #expect(quantity.steps == cents * share * 100_000_000_000_000 / (price * (100 + fee)))
    }
  }

  @Test func `wide money adds, subtracts and compares across its halves`() throws {
    let one = WideMoney(try Money("1"))
    let many = WideMoney(Money(steps: .max))
    #expect(many + one - one == many)
    #expect(one - many < WideMoney(.zero))
    #expect(many - one < many)
    #expect((one - many).quantity(at: 1, plus: .zero) == .zero)
    #expect(one.quantity(at: .zero, plus: .zero) == nil)
    let largest = try #require(many.quantity(at: Price(steps: 1), plus: .zero))
    #expect(largest.steps == Int128.max / 100)
  }
}

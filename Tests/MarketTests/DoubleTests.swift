import Market
import Simulator
import TestKit
import Testing

@Suite struct DoubleTests {
  /// `× 1e-8` instead of `/ 1e8` is wrong for each of these; the texts are read by the compiler.
  static let priceCases: [(Int64, Double)] = [
    (3, 0.00000003), (6, 0.00000006), (12, 0.00000012), (23, 0.00000023), (1_234_567, 0.01234567),
    (11_538_630_000_000, 115386.3), (10_000_001, 0.10000001), (230_000_000, 2.3),
    (9_007_199_254_740_993, 90071992.54740993), (9_223_372_036_854_775_807, 92233720368.54775807),
    (9_007_199_254_740_995, 90071992.54740995), (-9_007_199_254_740_993, -90071992.54740993),
  ]

  @Test("A price becomes the nearest double", arguments: priceCases)
  func convertsPrice(steps: Int64, double: Double) { #expect(Price(steps: steps).double == double) }

  @Test func `a factor of 1e-8 would be wrong for one of these`() {
    let wrong = Self.priceCases.count { Double($0.0) * 1e-8 != $0.1 }
    #expect(wrong >= 3)
  }

  static let moneyCases: [String] = [
    "9237.7883233063641", "0.000000000000000001", "170141183460469231731.687303715884105727",
    "0.1", "1234567.891011121314151617", "-8.922101663015", "9007199254740993",
    "9007199254740992.999999999999999999", "9007199254740993.000000000000000001",
    "0.3333333333333333", "99999999999999999999.5", "4503599627370497.5", "4503599627370496.5",
    // Halfway between two doubles, and above that by a bit far below the 64 that are divided out.
    "73786976294838214656", "73786976294838214656.5",
  ]

  @Test("Money becomes the nearest double", arguments: moneyCases)
  func convertsMoney(text: String) throws {
    // strtod rounds the exact decimal once, ties to even.
    #expect(try Money(text).double == Double(text))
  }

  @Test("So does any amount, by the C library's word", arguments: Seeds.ofThisRun)
  func anyMoney(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    for _ in 0..<500 {
      let bits = Int128(Int.random(in: 1...126, using: &random))
      let money = Money(steps: Int128.random(in: (-1 << bits)...(1 << bits), using: &random))
      #expect(money.double == Double(money.description), "\(money)")
      let quantity = Quantity(steps: money.steps)
      #expect(quantity.double == Double(quantity.description), "\(quantity)")
      let price = Price(steps: Int64(truncatingIfNeeded: money.steps))
      #expect(price.double == Double(price.description), "\(price)")
    }
  }
}

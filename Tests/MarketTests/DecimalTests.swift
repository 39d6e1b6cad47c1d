import Market
import Simulator
import TestKit
import Testing

@Suite struct DecimalTests {
  static let exact: [(String, Int64)] = [
    ("0", 0), ("1", 100_000_000), ("-1", -100_000_000), ("+1.5", 150_000_000),
    ("0.00000001", 1), (".5", 50_000_000), ("5.", 500_000_000), ("1e-8", 1), ("2.9e-7", 29),
    ("1E2", 10_000_000_000), ("0e999999999999999999999", 0),
    ("100.10000000000000000000", 10_010_000_000),
    ("92233720368.54775807", .max), ("00000000000000000000000000000000000001", 100_000_000),
    ("12345678901234567800e-10", 123_456_789_012_345_678),
    ("0.0000000000000000000000000000001e30", 10_000_000), ("-0", 0),
  ]

  @Test("A price is read exactly", arguments: exact)
  func reads(text: String, steps: Int64) throws {
    #expect(try Price(text).steps == steps)
  }

  static let refused: [(String, String)] = [
    ("", "'' is not a price: write a decimal number such as 1234.5"),
    ("-", "'-' is not a price: write a decimal number such as 1234.5"),
    (".", "'.' is not a price: write a decimal number such as 1234.5"),
    ("1.2.3", "'1.2.3' is not a price: write a decimal number such as 1234.5"),
    ("1e", "'1e' is not a price: write a decimal number such as 1234.5"),
    ("1e+", "'1e+' is not a price: write a decimal number such as 1234.5"),
    ("nan", "'nan' is not a price: write a decimal number such as 1234.5"),
    ("inf", "'inf' is not a price: write a decimal number such as 1234.5"),
    (" 1", "' 1' is not a price: write a decimal number such as 1234.5"),
    ("1,000", "'1,000' is not a price: write a decimal number such as 1234.5"),
    ("0x10", "'0x10' is not a price: write a decimal number such as 1234.5"),
    ("0.000000001", "price 0.000000001 has more than 8 decimals, the finest step Ratchet keeps"),
    ("1e-400", "price 1e-400 has more than 8 decimals, the finest step Ratchet keeps"),
    (
      "1e-99999999999999999999",
      "price 1e-99999999999999999999 has more than 8 decimals, the finest step Ratchet keeps"
    ),
    (
      "92233720368.54775808",
      "price 92233720368.54775808 is out of range: the limit is 92233720368.54775807"
    ),
    ("1e400", "price 1e400 is out of range: the limit is 92233720368.54775807"),
    (
      "1e99999999999999999999",
      "price 1e99999999999999999999 is out of range: the limit is 92233720368.54775807"
    ),
  ]

  @Test("What is no price is refused with the text and the limit", arguments: refused)
  func refuses(text: String, message: String) {
    #expect(throws: DecimalError.self) { try Price(text) }
    do { _ = try Price(text) } catch { #expect(error.description == message) }
  }

  @Test func `a long text is cut in the message`() {
    let text = String(repeating: "9", count: 100_000)
    do {
      _ = try Money(text)
      Issue.record("accepted")
    } catch {
      #expect(error.description.count < 200)
    }
  }

  static let rounded: [(String, Int64, Bool)] = [
    ("1.123456789", 112_345_678, false), ("1.12345678", 112_345_678, true),
    ("0.000000009", 0, false), ("1e-400", 0, false), ("-1.999999999", -199_999_999, false),
    ("1.123456780", 112_345_678, true),
  ]

  @Test("Excess decimals are cut where that is asked for, and reported", arguments: rounded)
  func roundsDown(text: String, steps: Int64, isExact: Bool) throws {
    let bytes = Array(text.utf8)
    let result = try Price.parse(bytes.span, excess: .roundDown)
    #expect(result.value.steps == steps)
    #expect(result.isExact == isExact)
  }

  static let printed: [(Int128, String)] = [
    (0, "0"), (1, "0.000000000000000001"), (-1, "-0.000000000000000001"),
    (1_000_000_000_000_000_000, "1"), (1_500_000_000_000_000_000, "1.5"),
    (-34_551_000_000_000_000_000, "-34.551"), (.max, "170141183460469231731.687303715884105727"),
    (.min, "-170141183460469231731.687303715884105728"),
  ]

  @Test("Money prints as the shortest exact decimal", arguments: printed)
  func prints(steps: Int128, text: String) {
    #expect(Money(steps: steps).description == text)
  }

  /// Digit by digit through strings: slow, and for comparison alone.
  private static func slowText<Value: ExactDecimal>(_ value: Value) -> String {
    let digits = String(value.steps.magnitude)
    let missing = max(0, Value.decimals + 1 - digits.utf8.count)
    let padded = String(repeating: "0", count: missing) + digits
    var fraction = padded.suffix(Value.decimals)
    while fraction.last == "0" { fraction.removeLast() }
    let whole = padded.dropLast(Value.decimals)
    return (value.steps < 0 ? "-" : "") + whole + (fraction.isEmpty ? "" : "." + fraction)
  }

  @Test("Decimals of every length print their digits", arguments: Seeds.ofThisRun)
  func text(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    for bits in 0...126 {
      let steps = Int128.random(in: -(1 << bits)...1 << bits, using: &random)
      let money = Money(steps: steps)
      #expect(money.description == Self.slowText(money), "SEED=\(seed)")
      let quantity = Quantity(steps: steps)
      #expect(quantity.description == Self.slowText(quantity), "SEED=\(seed)")
      guard let short = Int64(exactly: steps) else { continue }
      #expect(Price(steps: short).description == Self.slowText(Price(steps: short)))
      #expect(Rate(steps: short).description == Self.slowText(Rate(steps: short)))
    }
    for value in [Money(steps: .min), Money(steps: .max), Money(steps: 0)] {
      #expect(value.description == Self.slowText(value))
    }
  }

  @Test("What is printed is read back", arguments: Seeds.ofThisRun)
  func roundTrip(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    for _ in 0..<500 {
      let bits = Int.random(in: 0...126, using: &random)
      let money = Money(
        steps: Int128.random(in: (-1 << Int128(bits))...(1 << Int128(bits)), using: &random))
      #expect(try Money(money.description) == money)
      let price = Price(
        steps: Int64.random(in: .min + 1 ... .max, using: &random) >> Int64(bits / 2))
      #expect(try Price(price.description) == price)
    }
  }
}

import Market
import Testing

@testable import Reporting

@Suite("Numbers for people")
struct DisplayTests {
  static let amounts: [(String, String)] = [
    ("0", "0.00"), ("0.005", "0.00"), ("0.015", "0.02"), ("0.0050000001", "0.01"),
    ("-0.004", "0.00"), ("-0.006", "-0.01"), ("999.995", "1,000.00"),
    ("1234567.891", "1,234,567.89"),
    ("-1234.5", "-1,234.50"), ("100", "100.00"),
  ]

  @Test("Money is rounded half-even and grouped", arguments: amounts)
  func money(_ text: String, _ expected: String) throws {
    #expect(Display.fixed(try Money(text)) == expected)
  }

  @Test("Doubles likewise, and nothing is a dash")
  func doubles() {
    #expect(Display.fixed(-10.128594758590827) == "-10.13")
    #expect(Display.fixed(0.125) == "0.12")
    #expect(Display.fixed(-0.001) == "0.00")
    #expect(Display.fixed(1e300).contains("e+300"))
    #expect(Display.fixed(.nan) == "–")
    #expect(Display.fixed(nil as Double?) == "–")
    #expect(Display.percent(-0.06901450038470869) == "-6.90%")
    #expect(Display.percent(nil) == "–")
    #expect(Display.fixed(Price(steps: 1234), decimals: 8) == "0.00001234")
    #expect(Display.fixed(Price(5), decimals: 10) == "5.0000000000")
  }

  static let durations: [(Double?, String)] = [
    (nil, "–"), (0, "0s"), (59.5, "1m 0s"), (200, "3m 20s"), (66_344.7, "18h 25m"),
    (187_200, "2d 4h"),
  ]

  @Test("Lengths of time in their two largest units", arguments: durations)
  func duration(_ seconds: Double?, _ expected: String) {
    #expect(Display.duration(seconds: seconds) == expected)
  }

  @Test("Intervals, times, currencies, decimals of a tick")
  func names() {
    #expect(Display.interval(TimeSpan(seconds: 300)) == "5-minute")
    #expect(Display.interval(TimeSpan(seconds: 3600)) == "1-hour")
    #expect(Display.interval(TimeSpan(seconds: 86_400)) == "1-day")
    #expect(Display.interval(TimeSpan(seconds: 90)) == "90-second")
    #expect(Display.minute(Timestamp(seconds: 1_758_002_459)) == "2025-09-16 06:00")
    #expect(Product(id: "ETH-EUR").baseName == "ETH")
    #expect(Product(id: "ETH-EUR").quoteName == "EUR")
    #expect(Product(id: "odd").quoteName == "quote units")
    #expect(Product(id: "A-B", quoteIncrement: Price(steps: 1)).priceDecimals == 8)
    #expect(Product(id: "A-B", quoteIncrement: 10).priceDecimals == 2)
    #expect("a bb ccc".wrapped(to: 4) == ["a bb", "ccc"])
  }
}

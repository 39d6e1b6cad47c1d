import Market
import Simulator
import Testing

@testable import Reporting

@Suite("Numbers into bytes")
struct TextBlockTests {
  static func text(_ write: (inout TextBlock) -> Void) -> String {
    var block = TextBlock()
    write(&block)
    return String(decoding: block.bytes, as: UTF8.self)
  }

  static let money: [Int128] = [
    0, 1, -1, 10, 999_999_999_999_999_999, 1_000_000_000_000_000_000, 1_500_000_000_000_000_000,
    -34_551_000_000_000_000_000, .max, .min, Int128(UInt64.max), Int128(UInt64.max) + 1,
  ]

  @Test("Decimals are written as they describe themselves", arguments: money)
  func decimals(steps: Int128) {
    #expect(Self.text { $0.append(Money(steps: steps)) } == Money(steps: steps).description)
    #expect(Self.text { $0.append(Quantity(steps: steps)) } == Quantity(steps: steps).description)
    let price = Price(steps: Int64(truncatingIfNeeded: steps))
    #expect(Self.text { $0.append(price) } == price.description)
  }

  @Test("Any decimal, too", arguments: 1...20 as ClosedRange<UInt64>)
  func random(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    for _ in 0..<100 {
      let steps = Int128.random(in: .min ... .max, using: &random)
      let money = Money(steps: steps >> Int128.random(in: 0...127, using: &random))
      #expect(Self.text { $0.append(money) } == money.description, "seed \(seed)")
    }
  }

  @Test("Whole numbers")
  func integers() {
    #expect(Self.text { $0.append(0) } == "0")
    #expect(Self.text { $0.append(Int64.min) } == "-9223372036854775808")
    #expect(Self.text { $0.append(UInt128.max) } == String(UInt128.max))
  }
}

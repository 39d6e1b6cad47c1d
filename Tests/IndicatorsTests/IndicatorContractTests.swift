import Indicators
import TestKit
import Testing

/// What holds for every indicator; a new one joins `Specimen.all`.
@Suite("Every indicator")
struct IndicatorContractTests {
  @Test("gives the values worked by hand", arguments: Specimen.all)
  func golden(specimen: Specimen) {
    #expect(specimen.stream(Golden.candles) == specimen.golden)
  }

  @Test("gives its first value at input `warmUp`, and one at every input after", arguments: all)
  func warmUp(specimen: Specimen) {
    let rows = specimen.stream(SampleCandle.walk(count: 100, seed: 1))
    let isPresent = rows.map { $0 != nil }
    #expect(isPresent == (1...100).map { $0 >= specimen.warmUp })
  }

  @Test("answers a batch as it answers a stream", arguments: all, Seeds.ofThisRun)
  func batch(specimen: Specimen, seed: UInt64) {
    for count in [0, 1, specimen.warmUp, 300] {
      let candles = SampleCandle.walk(count: count, seed: seed)
      #expect(
        specimen.batch(candles) == specimen.stream(candles), "replay with SEED=\(seed)")
    }
  }

  @Test("is a value: feeding a copy leaves the original alone", arguments: all, 0...16)
  func copies(specimen: Specimen, fed: Int) {
    let prefix = SampleCandle.walk(count: fed, seed: 2)
    let left = SampleCandle.walk(count: 20, seed: 3)
    let right = SampleCandle.walk(count: 20, seed: 4)
    let (original, copy) = specimen.branch(prefix, left, right)
    #expect(original == Array(specimen.stream(prefix + left).dropFirst(fed)))
    #expect(copy == Array(specimen.stream(prefix + right).dropFirst(fed)))
  }

  @Test(
    "comes to rest where the price stands still", arguments: all, [1e-8, 0.1, 1, 64_321.07, 9e10])
  func constantSeries(specimen: Specimen, price: Double) throws {
    let rows = specimen.stream(Array(repeating: .flat(at: price), count: 500))
    for row in rows.dropFirst(specimen.warmUp + 10) {
      for (index, component) in try #require(row).enumerated() {
        let isPrice = specimen.dimensions[index] == .price
        let unit = isPrice ? price : 1
        let expected = specimen.atRest[index] * unit
        let component = try #require(component)
        #expect(abs(component - expected) <= (isPrice ? 1e-14 * price : 0))
      }
    }
  }

  @Test("stays finite and in bounds from 1e-8 to 9e10", arguments: all, Seeds.ofThisRun)
  func extremePrices(specimen: Specimen, seed: UInt64) throws {
    let highest = SampleCandle.extremePrices.upperBound
    let candles = SampleCandle.extremeCandles(count: 1_000, seed: seed)
    for row in specimen.stream(candles).dropFirst(specimen.warmUp - 1) {
      for (index, component) in try #require(row).enumerated() {
        guard let component else { continue }
        let bounds =
          switch specimen.dimensions[index] {
          case .price: -3 * highest...3 * highest
          case .pure: 0...100.0.nextUp
          }
        #expect(bounds.contains(component), "replay with SEED=\(seed)")
      }
    }
  }

  @Test("in another unit differs by that unit, to the bit", arguments: all, [-40, -26, 3, 20])
  func units(specimen: Specimen, exponent: Int) {
    let factor = Double(sign: .plus, exponent: exponent, significand: 1)
    let candles = SampleCandle.walk(count: 200, seed: 5)
    let expected = specimen.stream(candles).map { row in
      row.map { components in
        zip(components, specimen.dimensions).map { component, dimension in
          switch dimension {
          case .price: component.map { $0 * factor }
          case .pure: component
          }
        }
      }
    }
    #expect(specimen.stream(candles.map { $0.scaled(by: factor) }) == expected)
  }

  private static let all = Specimen.all
}

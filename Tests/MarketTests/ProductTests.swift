import Market
import Simulator
import TestKit
import Testing

@Suite struct ProductTests {
  static let floors: [(String, String, String, String)] = [
    ("0.01", "100.019", "1", "100.01"), ("0.01", "101.03", "0.98", "99"),
    ("0.01", "0.005", "1", "0"), ("50", "99", "1", "50"),
    ("0.00000001", "0.00000003", "0.5", "0.00000001"),
    ("0.01", "92233720368.54775807", "1", "92233720368.54"),
    ("0.00000001", "92233720368.54775807", "0.999999999999999999", "92233720368.54775797"),
    ("1", "3", "0.333333333333333333", "0"),
  ]

  @Test("floorTick forms the product exactly and rounds once", arguments: floors)
  func floorTick(tick: String, price: String, factor: String, expected: String) throws {
    let product = Product(quoteIncrement: try Price(tick))
    #expect(try product.floorTick(Price(price), times: Rate(factor)) == Price(expected))
  }

  @Test("Both round as a division of whole numbers does", arguments: Seeds.ofThisRun)
  func ticksAreExact(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    for _ in 0..<20_000 {
      // As many bits as can be, or few; and often right at a multiple of the tick or a step beside.
      let tick = Int64.random(
        in: 1...(1 << Int64.random(in: 1...36, using: &random)), using: &random)
      let factor = Int64.random(
        in: 0...(1 << Int64.random(in: 20...62, using: &random)), using: &random)
      var price = Int64.random(
        in: 0...(1 << Int64.random(in: 10...62, using: &random)), using: &random)
      if factor > 0, Bool.random(using: &random) {
        let divisor = Int128(tick) * 1_000_000_000_000_000_000
        let whole = Int128(price) * Int128(factor) / divisor * divisor
        price = Int64(whole / Int128(factor)) + Int64.random(in: 0...1, using: &random)
      }
      let exact = Int128(price) * Int128(factor)
      let (ticks, rest) = exact.quotientAndRemainder(
        dividingBy: Int128(tick) * 1_000_000_000_000_000_000)
      guard ticks < Int128(Int64.max) / Int128(tick) else { continue }
      let product = Product(quoteIncrement: Price(steps: tick))
      let (at, times) = (Price(steps: price), Rate(steps: factor))
      #expect(
        product.floorTick(at, times: times).steps == Int64(ticks) * tick,
        "\(price) × \(factor), tick \(tick), seed \(seed)")
      #expect(
        product.ceilTick(at, times: times)?.steps == (Int64(ticks) + (rest == 0 ? 0 : 1)) * tick,
        "\(price) × \(factor), tick \(tick), seed \(seed)")
    }
  }

  @Test func `ceilTick rounds up, and says where no price can hold the next tick`() throws {
    let product = Product()
    #expect(try product.ceilTick(Price("98.5"), times: Rate("1.0001")) == Price("98.51"))
    #expect(try product.ceilTick(Price("98.51")) == Price("98.51"))
    #expect(try product.ceilTick(Price("92233720368.54775807")) == nil)
  }

  @Test func `floorLot rounds down to a multiple of the lot`() throws {
    let product = Product(baseIncrement: try Quantity("0.5"))
    #expect(try product.floorLot(Quantity("7.49")) == Quantity("7"))
    #expect(try product.floorLot(Quantity("7.5")) == Quantity("7.5"))
    #expect(product.floorLot(.zero) == .zero)
  }

  @Test func `a tick or lot of 0 is refused`() async {
    await #expect(processExitsWith: .failure) { _ = Product(quoteIncrement: .zero) }
    await #expect(processExitsWith: .failure) { _ = Product(baseIncrement: .zero) }
  }
}

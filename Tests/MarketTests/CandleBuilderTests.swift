import Market
import Simulator
import TestKit
import Testing

@Suite("Candles made of trades")
struct CandleBuilderTests {
  private static let interval = TimeSpan(seconds: 300)

  private func at(_ seconds: Int64) -> Timestamp { Timestamp(seconds: seconds) }

  private func builder(began: Int64 = 0) -> CandleBuilder {
    CandleBuilder(interval: Self.interval, began: at(began))
  }

  @Test func `the first trade of a later bucket closes the one before`() {
    var builder = builder()
    #expect(builder.current == nil && builder.deadline == nil)
    for (id, text, second) in [(1, "10", 0), (2, "12", 10), (3, "9", 299)]
      as [(UInt64, String, Int64)]
    {
      let closed = builder.add(id: id, price: price(text), size: 2, time: at(second))
      #expect(closed == nil)
    }
    let candle = Candle(start: at(0), open: 10, high: 12, low: 9, close: 9, volume: 6)
    #expect(builder.current == candle && builder.deadline == at(300))
    let closed = builder.add(id: 4, price: 11, size: 1, time: at(300))
    #expect(closed?.candle == candle && closed?.trades == 3 && closed?.isWhole == true)
    #expect(builder.current?.start == at(300) && builder.current?.open == 11)
  }

  @Test func `a timer closes it at its end, once, and an empty bucket gives no candle`() {
    var builder = builder()
    _ = builder.add(id: 1, price: 10, size: 2, time: at(5))
    let early = builder.advance(to: Timestamp(nanoseconds: 299_999_999_999))
    #expect(early == nil)
    let closed = builder.advance(to: at(300))
    #expect(closed?.candle.close == 10 && closed?.isWhole == true)
    for time in [300, 301, 600, 900] as [Int64] {
      let nothing = builder.advance(to: at(time))
      #expect(nothing == nil)
    }
    let next = builder.add(id: 2, price: 11, size: 1, time: at(1000))
    #expect(next == nil && builder.current?.start == at(900))
  }

  @Test func `what comes after its bucket has closed changes nothing and is counted`() {
    var builder = builder()
    _ = builder.add(id: 1, price: 10, size: 2, time: at(5))
    _ = builder.advance(to: at(300))
    let late = builder.add(id: 2, price: 99, size: 1, time: at(299))
    #expect(late == nil && builder.current == nil && builder.counts.late == 1)
    _ = builder.add(id: 3, price: 11, size: 1, time: at(301))
    _ = builder.add(id: 4, price: 99, size: 1, time: at(299))
    #expect(builder.current?.high == 11 && builder.counts.late == 2)
  }

  @Test func `disorder within a bucket is put right, repetition is dropped`() {
    var builder = builder()
    for (id, text, second) in [
      (2, "11", 20), (1, "10", 10), (4, "13", 40), (3, "15", 30), (4, "13", 40), (1, "10", 10),
    ] as [(UInt64, String, Int64)] {
      _ = builder.add(id: id, price: price(text), size: 1, time: at(second))
    }
    // The first number that comes is where the numbers begin: 1 is taken for a repetition.
    #expect(
      builder.current == Candle(start: at(0), open: 11, high: 15, low: 11, close: 13, volume: 3))
    #expect(builder.counts.repeated == 3 && builder.counts.missing == 0)
    let closed = builder.advance(to: at(300))
    #expect(closed?.isWhole == true && closed?.trades == 3)
  }

  @Test func `a number that is left out marks the buckets on both sides`() {
    var builder = builder()
    _ = builder.add(id: 1, price: 10, size: 1, time: at(5))
    let first = builder.add(id: 3, price: 10, size: 1, time: at(305))
    let second = builder.add(id: 4, price: 10, size: 1, time: at(605))
    let third = builder.advance(to: at(900))
    #expect(first?.isWhole == false && second?.isWhole == false && third?.isWhole == true)
    #expect(builder.counts.missing == 1)
    let late = builder.add(id: 2, price: 10, size: 1, time: at(6))
    #expect(late == nil && builder.counts.missing == 0 && builder.counts.late == 1)
  }

  @Test func `the bucket in which the feed began may lack its beginning`() {
    var middle = builder(began: 100)
    _ = middle.add(id: 1, price: 10, size: 1, time: at(5))
    _ = middle.add(id: 2, price: 10, size: 1, time: at(-5))
    #expect(middle.counts.late == 0, "a snapshot of the past is not late")
    let first = middle.add(id: 3, price: 10, size: 1, time: at(305))
    let second = middle.advance(to: at(600))
    #expect(first?.isWhole == false && second?.isWhole == true)
    var edge = builder(began: 300)
    _ = edge.add(id: 1, price: 10, size: 1, time: at(305))
    let whole = edge.advance(to: at(600))
    #expect(whole?.isWhole == true)
  }

  @Test func `what cannot be a trade is none, and the greatest volume does not trap`() {
    var builder = builder()
    _ = builder.add(id: 1, price: 0, size: 1, time: at(5))
    _ = builder.add(id: 2, price: 1, size: -1, time: at(5))
    #expect(builder.counts.invalid == 2 && builder.current == nil)
    for id in 3...5 { _ = builder.add(id: UInt64(id), price: 1, size: .greatest, time: at(5)) }
    #expect(builder.current?.volume == .greatest)
    _ = builder.add(id: .max, price: 2, size: 0, time: at(6))
    #expect(builder.current?.close == 2)
  }

  @Test(
    "Any order, repetition and timer give the candles of the trades", arguments: Seeds.ofThisRun)
  func property(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    var builder = CandleBuilder(interval: Self.interval, began: at(0))
    var results: [CandleBuilder.Result] = []
    var expected: [Timestamp: [(Price, Quantity)]] = [:]
    var second: Int64 = 0
    var id: UInt64 = 0
    for _ in 0..<60 {
      // A batch within one bucket, in any order, as the exchange sends four a second.
      second += Int64.random(in: 0...400, using: &random)
      let start = second - second % 300
      var batch: [(id: UInt64, price: Price, size: Quantity, time: Timestamp)] = []
      for _ in 0..<Int.random(in: 1...6, using: &random) {
        second = min(second + Int64.random(in: 0...2, using: &random), start + 299)
        id += 1
        let price = Price(steps: Int64.random(in: 1...1000, using: &random))
        let size = Quantity(steps: Int128(Int.random(in: 0...1000, using: &random)))
        batch.append((id, price, size, at(second)))
        expected[at(start), default: []].append((price, size))
      }
      // The first comes first: until those before it have come, the bucket before is in doubt.
      let head = 1
      let tail = batch.dropFirst(head).shuffled(using: &random)
      for trade in Array(batch.prefix(head)) + tail + tail.prefix(1) {
        let closed = builder.add(
          id: trade.id, price: trade.price, size: trade.size, time: trade.time)
        if let closed { results.append(closed) }
      }
      if Bool.random(using: &random), let closed = builder.advance(to: at(second)) {
        results.append(closed)
      }
    }
    if let closed = builder.advance(to: at(second + 300)) { results.append(closed) }
    let candles = expected.keys.sorted().map { start -> Candle in
      let trades = expected[start] ?? []
      let prices = trades.map(\.0)
      return Candle(
        start: start, open: prices[0], high: prices.max() ?? 0, low: prices.min() ?? 0,
        close: prices[prices.count - 1], volume: trades.map(\.1).reduce(.zero, +))
    }
    #expect(results.map(\.candle) == candles, "SEED=\(seed)")
    #expect(results.allSatisfy { $0.isWhole && $0.candle.defect(interval: Self.interval) == nil })
    #expect(builder.counts.late == 0 && builder.counts.missing == 0, "SEED=\(seed)")
  }
}

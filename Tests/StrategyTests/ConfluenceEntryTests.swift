import Indicators
import Market
import Simulator
import Strategy
import TestKit
import Testing

@Suite struct ConfluenceEntryTests {
  static func parameters(_ values: [String: String]) throws -> Parameters {
    var parameters = Parameters(ConfluenceEntry.parameters)
    for (key, value) in values { try parameters.set(key, to: value) }
    return parameters
  }

  /// SEMANTICS 4.2 word for word: every series whole, every window walked.
  static func signals(_ candles: [Candle], _ parameters: Parameters) -> [Int] {
    let closes = candles.map(\.close.double)
    let rsi = RelativeStrengthIndex(period: parameters.integer("rsi_period")).values(of: closes)
    let histogram = MovingAverageConvergenceDivergence(
      fast: parameters.integer("macd_fast"), slow: parameters.integer("macd_slow"),
      signal: parameters.integer("macd_signal")
    ).values(of: closes).map { $0?.histogram }
    let vwap = VolumeWeightedAveragePrice().values(
      of: candles.map {
        .init(
          day: $0.start.day, high: $0.high.double, low: $0.low.double, close: $0.close.double,
          volume: $0.volume.double)
      })
    let window = parameters.integer("window")
    let d = parameters.rate("vwap_discount").complement.double
    return candles.indices.filter { i in
      guard i > 0, let r = rsi[i], let before = rsi[i - 1], let h = histogram[i],
        histogram[i - 1] != nil, let v = vwap[i]
      else { return false }
      let recent = max(0, i - window + 1)...i
      let a =
        recent.contains { j in rsi[j].map { $0 <= parameters.number("rsi_oversold") } ?? false }
        && r > before && candles[i].close > candles[i - 1].close
      let b =
        h > 0
        && recent.contains { j in
          guard j > 0, let now = histogram[j], let then = histogram[j - 1] else { return false }
          return then <= 0 && 0 < now
        }
      return a && b && closes[i] <= v * d
    }
  }

  static func found(_ candles: [Candle], _ parameters: Parameters) throws -> [Int] {
    var entry = try ConfluenceEntry(parameters)
    return candles.indices.filter { entry.candleClosed(candles[$0]) }
  }

  @Test("The one-pass rule finds what the page says", arguments: Seeds.ofThisRun)
  func agrees(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    var total = 0
    for _ in 0..<8 {
      let slow = Int.random(in: 3...8, using: &random)
      let parameters = try Self.parameters([
        "rsi_period": "\(Int.random(in: 1...6, using: &random))",
        "rsi_oversold": "\(Int.random(in: 20...60, using: &random))",
        "macd_fast": "\(Int.random(in: 1..<slow, using: &random))", "macd_slow": "\(slow)",
        "macd_signal": "\(Int.random(in: 1...4, using: &random))",
        "window": "\(Int.random(in: 1...8, using: &random))",
        "vwap_discount": ["0", "0.003", "-0.01"][Int.random(in: 0..<3, using: &random)],
      ])
      let candles = randomCandles(700, using: &random)
      let expected = Self.signals(candles, parameters)
      #expect(try Self.found(candles, parameters) == expected)
      total += expected.count
    }
    #expect(total > 0, "the candles of this seed give signals at all")
  }

  /// Without volume the VWAP is the candle's own price: the close equals it, which is enough.
  @Test func `a close equal to the VWAP is a signal`() throws {
    let parameters = try Self.parameters([
      "rsi_period": "2", "macd_fast": "2", "macd_slow": "3", "macd_signal": "2", "window": "5",
      "rsi_oversold": "40",
    ])
    let closes = [100, 99, 98, 97, 96, 95, 94, 93, 92, 91, 90, 91, 92]
    let candles = closes.enumerated().map { index, close in
      Candle(
        index, open: "\(close)", high: "\(close)", low: "\(close)", close: "\(close)", volume: "0")
    }
    #expect(try Self.found(candles, parameters) == [11, 12])
    let discounted = try Self.parameters([
      "rsi_period": "2", "macd_fast": "2", "macd_slow": "3", "macd_signal": "2", "window": "5",
      "rsi_oversold": "40", "vwap_discount": "0.000000000000001",
    ])
    #expect(try Self.found(candles, discounted) == [], "and below it is not")
  }

  /// The dip is at candle 10, the crossing at 11: a window of 2 still holds the dip at 11, not at 12.
  @Test(
    "A dip serves for the window's candles and no longer",
    arguments: [
      (1, []), (2, [11]), (3, [11, 12]),
    ])
  func window(window: Int, expected: [Int]) throws {
    let parameters = try Self.parameters([
      "rsi_period": "2", "macd_fast": "2", "macd_slow": "3", "macd_signal": "2",
      "window": "\(window)", "rsi_oversold": "20",
    ])
    let closes = [100, 99, 98, 97, 96, 95, 94, 93, 92, 91, 90, 91, 92]
    let candles = closes.enumerated().map { index, close in
      Candle(
        index, open: "\(close)", high: "\(close)", low: "\(close)", close: "\(close)", volume: "0")
    }
    #expect(try Self.found(candles, parameters) == expected)
  }

  @Test func `averages in the wrong order are refused`() throws {
    let parameters = try Self.parameters(["macd_fast": "26"])
    do {
      _ = try ConfluenceEntry(parameters)
      Issue.record("accepted")
    } catch {
      #expect(error.description == "macd_fast: 26 must be less than macd_slow, which is 26")
    }
  }
}

import Market
import TestKit
import Testing

@testable import LiveBroker

@Suite("Our candle beside the exchange's")
struct CandleComparisonTests {
  private let own = Candle(
    start: Timestamp(seconds: 300), open: 2, high: 4, low: 1, close: 3, volume: 7)

  @Test func `the same candle has no difference`() {
    let comparison = CandleComparison(own: own, exchange: own)
    #expect(comparison.differences == [] && comparison.missingVolume == .zero)
    #expect("\(comparison)" == "candle 1970-01-01T00:05:00Z: the same as the exchange's")
  }

  static let changes: [(any WritableKeyPath<Candle, Price> & Sendable, CandleComparison.Figure)] = [
    (\.open, .open), (\.high, .high), (\.low, .low), (\.close, .close),
  ]

  @Test("A price that differs is named", arguments: changes)
  func price(path: any WritableKeyPath<Candle, Price> & Sendable, figure: CandleComparison.Figure) {
    var other = own
    other[keyPath: path] += Price(steps: 1)
    #expect(CandleComparison(own: own, exchange: other).differences == [figure])
  }

  @Test func `volume that we lack is told`() {
    var other = own
    other.volume = quantity("7.5")
    other.close = 2
    let comparison = CandleComparison(own: own, exchange: other)
    #expect(comparison.missingVolume == quantity("0.5"))
    #expect(
      "\(comparison)"
        == "candle 1970-01-01T00:05:00Z: close 3, exchange 2; volume 7, exchange 7.5")
  }
}

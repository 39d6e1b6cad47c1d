import Market
import Matching

/// Which points of whose candles come next; SEMANTICS 6.1 and 8.3.
struct CandleSchedule {
  /// A candle that is being played.
  private struct Walk {
    let start: Timestamp
    /// The three points behind the open.
    let prices: [Price]
    var next = 0
  }

  private let third: TimeSpan
  private let paths: [CandlePath]
  private var walks: [Walk?]

  init(_ exchange: SandboxExchange) {
    third = TimeSpan(nanoseconds: exchange.settings.interval.nanoseconds / 3)
    paths = exchange.settings.listings.map(\.model.path)
    walks = Array(repeating: nil, count: paths.count)
  }

  private func time(of walk: Walk) -> Timestamp { walk.start + third * (walk.next + 1) }

  /// When something happens next; `nil` at the end of the data.
  func nextTime(_ exchange: SandboxExchange) -> Timestamp? {
    walks.indices.compactMap { market in
      walks[market].map(time) ?? exchange.nextCandle(of: market)?.start
    }.min()
  }

  /// The markets in which a move ends at this time.
  func moving(at time: Timestamp) -> [Int] {
    walks.indices.filter { walks[$0].map(self.time) == time }
  }

  /// The markets in which a candle begins at this time.
  func opening(at time: Timestamp, _ exchange: SandboxExchange) -> [Int] {
    walks.indices.filter {
      walks[$0] == nil && exchange.nextCandle(of: $0)?.start == time
    }
  }

  /// A candle begins.
  mutating func begin(_ market: Int, _ candle: Candle) {
    let (_, first, second, close) = paths[market].points(of: candle)
    walks[market] = Walk(start: candle.start, prices: [first, second, close])
  }

  /// The price at which a market's next move ends, and whether that is its close.
  mutating func step(_ market: Int) -> (price: Price, isClose: Bool) {
    guard var walk = walks[market] else { preconditionFailure("no candle is being played") }
    let price = walk.prices[walk.next]
    walk.next += 1
    let isClose = walk.next == walk.prices.count
    walks[market] = isClose ? nil : walk
    return (price, isClose)
  }
}

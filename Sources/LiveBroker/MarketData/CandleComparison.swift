package import Market

/// Our candle beside the exchange's of the same bucket.
///
/// The strategy has seen ours, so a difference changes nothing any more; it is told, and counted.
package struct CandleComparison: Hashable, Sendable, CustomStringConvertible {
  /// A figure that differs.
  package enum Figure: String, Hashable, Sendable, CaseIterable {
    /// The first price.
    case open
    /// The greatest price.
    case high
    /// The least price.
    case low
    /// The last price.
    case close
    /// What traded.
    case volume
  }

  /// Made of trades.
  package var own: Candle
  /// As the exchange has it.
  package var exchange: Candle

  /// Compares two candles of one bucket.
  package init(own: Candle, exchange: Candle) {
    precondition(own.start == exchange.start, "candles of two buckets")
    self.own = own
    self.exchange = exchange
  }

  /// What differs; empty where they are the same to the last digit.
  package var differences: [Figure] {
    Figure.allCases.filter { figure in
      switch figure {
      case .open: own.open != exchange.open
      case .high: own.high != exchange.high
      case .low: own.low != exchange.low
      case .close: own.close != exchange.close
      case .volume: own.volume != exchange.volume
      }
    }
  }

  /// How much of the exchange's volume ours lacks; below 0 where ours has more.
  package var missingVolume: Quantity { exchange.volume - own.volume }

  /// One line: what differs, ours first.
  package var description: String {
    let figures = differences.map { figure in
      switch figure {
      case .open: "open \(own.open), exchange \(exchange.open)"
      case .high: "high \(own.high), exchange \(exchange.high)"
      case .low: "low \(own.low), exchange \(exchange.low)"
      case .close: "close \(own.close), exchange \(exchange.close)"
      case .volume: "volume \(own.volume), exchange \(exchange.volume)"
      }
    }
    return "candle \(own.start): "
      + (figures.isEmpty ? "the same as the exchange's" : figures.joined(separator: "; "))
  }
}

import Market

/// What has happened and REST does not list yet: everything else tells of it at once.
extension SandboxExchange {
  /// The fills that the list of fills does not have yet.
  package var lateFills: [LateFill] { faults?.fills ?? [] }

  /// The candles that the lists of candles do not have yet.
  package var lateCandles: [LateCandle] { faults?.candles ?? [] }

  /// Whether the list of fills has a fill.
  func isListed(_ fill: SandboxFill) -> Bool { !lateFills.contains { $0.fill == fill } }

  /// Candles of a product as REST lists them: without those that are late, and what came behind them.
  ///
  /// The parameters are those of `ProductMarket.candles`.
  func listedCandles(
    of market: ProductMarket, length: TimeSpan, from first: Timestamp, through last: Timestamp
  ) -> [Candle] {
    let late = lateCandles.first { markets[$0.market].id == market.id }
    return market.candles(of: length, from: first, through: last, before: late?.start)
  }

  /// Keeps a fill out of the list of fills for a while, if it is to be late there.
  mutating func listLate(_ fill: SandboxFill) {
    guard let place = faults?.dice.struck(.fillsLate), let lag = lag(place) else { return }
    faults?.fills.append(LateFill(fill: fill, lag: lag))
    log(
      .fillsLate, "\(fill.fill.quantity) of \(name(fill.order)) \(lag.text(from: now))",
      of: orders[fill.order].market)
  }

  /// Keeps a candle that has just closed out of the lists of candles for a while, if it is to be late there.
  mutating func listLate(_ candle: Candle, of market: Int) {
    guard let place = faults?.dice.struck(.candlesLate), let lag = lag(place) else { return }
    faults?.candles.append(LateCandle(market: market, start: candle.start, lag: lag))
  }

  /// Counts a request for market data.
  ///
  /// A candle that is late is noted once, when somebody asks; of most of them nobody would have known.
  mutating func countLateCandles() {
    for (index, late) in lateCandles.enumerated() {
      faults?.candles[index].lag.count()
      guard !late.isMissed else { continue }
      faults?.candles[index].isMissed = true
      log(
        .candlesLate,
        "\(markets[late.market].id) of \(late.start) \(late.lag.text(from: now))", of: late.market)
    }
  }
}

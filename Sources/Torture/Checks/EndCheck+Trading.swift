import Market
import Sandbox

/// That pairs are traded to the end, and with the breaker tripped sold: a session's life, and I7.
extension EndCheck {
  /// So many of a market's candles may be behind something before what follows from it is there.
  private static let candlesForRepair = 3
  /// So many more must have been calm, whatever went wrong before.
  private static let candlesOfCalm = 8

  static func trading(_ testimony: Testimony, _ record: SessionRecord) -> [Violation] {
    closes(testimony, record) + bought(record) + unsold(testimony, record)
  }

  /// Whether only another candle lets a pair's entries go on, and there were few since without any trouble.
  static func awaitsCandle(
    _ pair: SessionRecord.Pair, _ place: Int, _ testimony: Testimony
  ) -> Bool {
    guard let differed = pair.differed else { return false }
    guard let calm = testimony.calmSince else { return true }
    let since = max(differed, calm)
    return testimony.candleStarts(of: place).count { $0 > since } <= candlesForRepair
  }

  /// A session that has followed its markets in peace has closed their candles, but for the last ones.
  ///
  /// Closes are durable when a session has ended in order, and may be before.
  private static func closes(_ testimony: Testimony, _ record: SessionRecord) -> [Violation] {
    guard testimony.hasEndedInOrder, let calm = testimony.calmSince else { return [] }
    let interval = testimony.settings.interval
    return record.pairs.enumerated().compactMap { place, pair -> Violation? in
      let starts = testimony.candleStarts(of: place)
      guard let due = starts.dropLast(candlesForRepair).last,
        calm + interval * candlesOfCalm <= due
      else { return nil }
      if let closed = pair.closeTime, closed >= due + interval { return nil }
      return Violation(
        .life,
        "\(pair.product): its candle of \(due) was not closed, nor any after it; the last close was "
          + (pair.closeTime.map { "at \($0)" } ?? "never"))
    }
  }

  /// I7: nothing is bought when the breaker has tripped.
  private static func bought(_ record: SessionRecord) -> [Violation] {
    record.entriesWhileTripped.map { id in
      Violation(
        .limits,
        "buy \(record.pairs[Int(id.pair)].product)-\(id.number) was decided on though the breaker had "
          + "tripped")
    }
  }

  /// I7: what is held is sold then, and waits for no trigger.
  private static func unsold(_ testimony: Testimony, _ record: SessionRecord) -> [Violation] {
    guard let trip = record.trip, let calm = testimony.calmSince, let last = testimony.lastTrade
    else { return [] }
    let grace = testimony.settings.interval * (candlesOfCalm + candlesForRepair)
    guard max(trip, calm) + grace <= last else { return [] }
    return testimony.standing.flatMap { market in
      market.working.values.filter { $0.trigger == .waiting && $0.stopTrigger != nil }
    }.map { order in
      Violation(
        .limits,
        "\(testimony.name(order)) waits for its trigger, though the breaker has tripped at \(trip)")
    }
  }
}

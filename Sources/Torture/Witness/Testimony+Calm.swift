import Glibc
import Market
import Sandbox

/// How the market came to its end.
extension Testimony {
  /// Since when one process has followed the market to its end with nothing going wrong; `nil` where nobody
  /// followed the last trade, or somebody who was told to end.
  var calmSince: Timestamp? {
    var since: Timestamp?
    var parting: Int?
    for happening in happenings {
      switch happening {
      case .trade(let trade, let isFollowed, _):
        since = isFollowed && parting == nil ? since ?? trade.time : nil
      case .started(let number):
        since = nil
        if parting != number { parting = nil }
      case .parting(let number): parting = number
      case .order, .heartbeat, .ended, .asked, .answered: break
      }
    }
    guard let since else { return nil }
    return faults.filter { !$0.kind.isMild }.map { $0.until ?? $0.time }
      .reduce(since) { max($0, $1) }
  }

  /// When the last trade was, of any market.
  var lastTrade: Timestamp? {
    for happening in happenings.reversed() {
      if case .trade(let trade, _, _) = happening { return trade.time }
    }
    return nil
  }

  /// When the candles of a product began in which there were trades, oldest first.
  func candleStarts(of place: Int) -> [Timestamp] {
    let interval = settings.interval.nanoseconds
    var starts: [Timestamp] = []
    for happening in happenings {
      guard case .trade(let trade, _, _) = happening, trade.market == place else { continue }
      let start = Timestamp(nanoseconds: trade.time.nanoseconds / interval * interval)
      if starts.last != start { starts.append(start) }
    }
    return starts
  }

  /// Whether the last process was told to end and has, so that all it knew is in the record.
  var hasEndedInOrder: Bool {
    for happening in happenings.reversed() {
      switch happening {
      case .ended(_, let code): return code == 128 + SIGTERM
      case .started, .parting: return false
      case .order, .trade, .heartbeat, .asked, .answered: break
      }
    }
    return false
  }
}

extension FaultKind {
  /// Whether it keeps nobody from hearing of the market, and no candle or sale for longer than a few candles.
  fileprivate var isMild: Bool {
    switch self {
    case .messageRepeated, .cancelFilled, .holdLate, .creditLate, .partialFill, .orderPending,
      .fillsLate, .stopRefused, .exitMinimums, .cancelLate:
      true
    case .latency, .rateLimited, .unauthorized, .serverError, .lostAnswer, .cutAnswer,
      .messageDropped, .messageDelayed, .messageReordered, .sequenceGap, .socketDropped,
      .socketSilent, .stopUnfilled, .stopFailed, .clockSkew, .productHalted, .restart,
      .maintenance, .balanceMoved, .candlesLate:
      false
    }
  }
}

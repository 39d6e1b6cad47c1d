import Execution
import Market
import Persistence
import Sandbox

/// What an operator's commands mean on the way: no entry is decided on while a halt holds, and a sale may leave
/// a position bare for the moment that it takes.
extension EventCheck {
  /// A command is about to be given.
  mutating func take(asked action: OperatorRequest.Action) {
    switch action {
    case .resume(let pair): for place in affected(pair) { markets[place].haltedSince = nil }
    case .forceExit(let pair, _, _): markets[pair].salesUnderWay += 1
    case .halt, .cancelOrder, .resetBreaker: break
    }
  }

  /// A command has come to its end at this moment, if there was any before.
  mutating func take(
    answered action: OperatorRequest.Action, _ answer: Happening.Answer, at time: Timestamp?
  ) {
    switch action {
    case .halt(let pair):
      guard answer.isCertain else { return }
      for place in affected(pair) where markets[place].haltedSince == nil {
        markets[place].haltedSince = time ?? Timestamp(nanoseconds: 0)
      }
    case .forceExit(let pair, _, _):
      markets[pair].salesUnderWay -= 1
      // One that is kept is carried out when a session begins, which may be later than this.
      markets[pair].lastSale = time
      if answer == .kept { markets[pair].hasKeptSale = true }
    case .resume, .cancelOrder, .resetBreaker: break
    }
  }

  private func affected(_ pair: Int?) -> [Int] { pair.map { [$0] } ?? Array(markets.indices) }

  /// An entry that comes between the answer to a halt and the next wish to resume was decided on before.
  ///
  /// It may have been on its way for long. The candle during which the answer came may have ended by a time that
  /// the session knows and that nobody else was told of.
  mutating func checkHalt(_ order: SandboxOrder) {
    guard let since = markets[order.market].haltedSince,
      let decision = testimony.decisions[order.wish.clientID],
      decision > since + testimony.settings.interval
    else { return }
    add(
      .limits,
      "\(testimony.name(order)) was decided on at \(decision), though an operator has halted entries "
        + "at \(since)")
  }

  /// Whether an operator sells what is held, or has a moment ago: its stop makes way, and in lockstep the market
  /// waits for answers to what it tells alone.
  func isBeingSold(_ place: Int, at time: Timestamp) -> Bool {
    let market = markets[place]
    return market.salesUnderWay > 0 || market.hasKeptSale
      || isSoon(time, after: market.lastSale, candles: Self.candlesForRepair)
  }
}

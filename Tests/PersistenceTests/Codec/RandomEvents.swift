import Execution
import Market
import Persistence
import Simulator
import Strategy
import TestKit

/// Events of every kind with values from everywhere in their ranges.
struct RandomEvents {
  var random: SplitMix64
  let scope = OrderScope(session: 0xABCDE, pair: 3)

  init(seed: UInt64) { random = SplitMix64(seed: seed) }

  mutating func price() -> Price {
    let bits = Int.random(in: 1...62, using: &random)
    return Price(steps: Int64.random(in: 1...1 << bits, using: &random))
  }

  mutating func quantity() -> Quantity {
    let bits = Int.random(in: 1...62, using: &random)
    return Quantity(steps: Int128.random(in: 1...1 << bits, using: &random))
  }

  mutating func money() -> Money {
    let bits = Int.random(in: 1...120, using: &random)
    let steps = Int128.random(in: 0...1 << bits, using: &random)
    return Money(steps: Bool.random(using: &random) ? steps : -steps)
  }

  mutating func time() -> Timestamp {
    Timestamp(nanoseconds: .random(in: -1_000...2_000_000_000_000_000_000, using: &random))
  }

  mutating func id() -> ClientOrderID {
    let number = UInt64.random(in: 1..<1 << 48, using: &random)
    // Now and then somebody else's.
    guard Int.random(in: 0..<5, using: &random) == 0 else { return scope.id(number) }
    return ClientOrderID(
      session: .random(in: 0..<1 << 48, using: &random),
      pair: .random(in: 0..<1 << 26, using: &random), number: number)
  }

  mutating func fill(of order: ClientOrderID, at time: Timestamp) -> Fill {
    let steps = Int64.random(in: 1...1 << 40, using: &random)
    return Fill(
      order: order, id: .random(in: 0 ... .max, using: &random),
      time: Bool.random(using: &random) ? time : self.time(),
      side: Bool.random(using: &random) ? .buy : .sell, price: Price(steps: steps),
      quantity: quantity(), fee: money(),
      liquidity: Bool.random(using: &random) ? .maker : .taker)
  }

  mutating func news(of order: ClientOrderID, at time: Timestamp) -> OrderReport.News {
    switch Int.random(in: 0..<7, using: &random) {
    case 0: .accepted
    case 1: .rejected(.postOnlyWouldTake)
    case 2: .filled(fill(of: order, at: time))
    case 3: .cancelled
    case 4: .cancelRefused
    case 5: .expired
    default: .unanswered
    }
  }

  mutating func event(at time: Timestamp) -> Event {
    switch Int.random(in: 0..<11, using: &random) {
    case 0: return .trade(price: price(), time: time)
    case 1:
      return .candleClosed(
        Candle(
          start: self.time(), open: price(), high: price(), low: price(), close: price(),
          volume: quantity()))
    case 2: return .clock(time)
    case 3, 4:
      let order = id()
      return .report(OrderReport(order: order, time: time, news: news(of: order, at: time)))
    case 5: return .forceExit(price: price(), time: time)
    case 6: return .cancelEntry(.breaker, time: time)
    case 7: return .liquidate(time: time)
    case 8: return .decide(time: time)
    case 9:
      return .enter(
        EntrySignal(
          reference: price(), offset: Rate(steps: .random(in: 0..<1 << 59, using: &random)),
          timeToLive: .random(in: 1...1000, using: &random),
          isPostOnly: Bool.random(using: &random)), time: time)
    default: return Bool.random(using: &random) ? .halt(time: time) : .resume(time: time)
    }
  }

  mutating func command(at time: Timestamp) -> Command {
    if Bool.random(using: &random) {
      return .cancel(id(), reason: .ratchet)
    }
    return .submit(
      Order(
        id: id(), side: Bool.random(using: &random) ? .buy : .sell, limit: price(),
        trigger: Bool.random(using: &random) ? price() : nil, quantity: quantity(),
        isPostOnly: Bool.random(using: &random),
        submitted: Bool.random(using: &random) ? time : self.time()),
      role: Bool.random(using: &random) ? .entry : .stop)
  }
}

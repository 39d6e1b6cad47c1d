package import Market
package import Sandbox

/// Something that happened on the exchange or to the session, as a witness in the exchange's process
/// saw it.
package enum Happening: Sendable {
  /// A step in the life of an order, which is as it is after it.
  case order(SandboxOrder, OrderStep)
  /// The market printed a trade; whether a client followed it, and by the clock, how many seconds after
  /// the beginning.
  case trade(MarketTrade, isFollowed: Bool, clock: Double)
  /// Time passed.
  case heartbeat(Timestamp)
  /// A session was started, as the so many-th process.
  case started(Int)
  /// It was told to end before its time; until it does it may follow the market, and do nothing about it.
  case parting(Int)
  /// It ended, by us or by itself.
  case ended(Int, code: Int32)

  /// What the exchange told.
  package init(_ news: ExchangeNews, isFollowed: Bool = true, clock: Double = 0) {
    switch news {
    case .order(let order, let step): self = .order(order, step)
    case .trade(let trade): self = .trade(trade, isFollowed: isFollowed, clock: clock)
    case .heartbeat(let time): self = .heartbeat(time)
    }
  }
}

package import Market
package import Sandbox

/// Something that happened on the exchange or to the session, as a witness in the exchange's process
/// saw it.
package enum Happening: Sendable {
  /// A step in the life of an order, which is as it is after it.
  case order(SandboxOrder, OrderStep)
  /// The market printed a trade; whether a client followed it.
  case trade(MarketTrade, isFollowed: Bool)
  /// Time passed.
  case heartbeat(Timestamp)
  /// A session was started, as the so many-th process.
  case started(Int)
  /// It ended, by us or by itself.
  case ended(Int, code: Int32)

  /// What the exchange told.
  package init(_ news: ExchangeNews, isFollowed: Bool = true) {
    switch news {
    case .order(let order, let step): self = .order(order, step)
    case .trade(let trade): self = .trade(trade, isFollowed: isFollowed)
    case .heartbeat(let time): self = .heartbeat(time)
    }
  }
}

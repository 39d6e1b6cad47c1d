package import Market
package import Persistence
package import Sandbox

/// Something that happened on the exchange or to the session, as a witness in the exchange's process
/// saw it.
package enum Happening: Sendable {
  /// What came of an operator's command.
  package enum Answer: String, Hashable, Sendable {
    /// The session has done it.
    case done
    /// The request is in the database, and is acted on sooner or later.
    case kept
    /// The session has refused it.
    case refused
    /// Nobody knows: the command failed.
    case unknown

    /// What a command says.
    ///
    /// - Parameters:
    ///   - code: Its exit code.
    ///   - text: What it has printed.
    package init(code: Int32, text: String) {
      if text.contains("no engine runs on") || text.contains("and the engine still acts on it") {
        self = .kept
      } else if text.contains("refused: ") {
        self = .refused
      } else {
        self = code == 0 ? .done : .unknown
      }
    }

    /// Whether it was done, or will be before anything else is.
    var isCertain: Bool { self == .done || self == .kept }
  }

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
  /// An operator's command is about to be given.
  case asked(OperatorRequest.Action)
  /// It has come to its end.
  case answered(OperatorRequest.Action, Answer)

  /// What the exchange told.
  package init(_ news: ExchangeNews, isFollowed: Bool = true, clock: Double = 0) {
    switch news {
    case .order(let order, let step): self = .order(order, step)
    case .trade(let trade): self = .trade(trade, isFollowed: isFollowed, clock: clock)
    case .heartbeat(let time): self = .heartbeat(time)
    }
  }
}

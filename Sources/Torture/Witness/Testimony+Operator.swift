import Market
import Persistence

/// What operators have asked for, and what is to be so by that.
extension Testimony {
  /// Whether a pair's entries are to be halted.
  enum Hold: Hashable, Sendable {
    /// No operator holds them.
    case free
    /// An operator does.
    case halted
    /// Nobody knows what the last command came to.
    case unknown
  }

  /// Commands with what came of them, in their order.
  var commands: [(action: OperatorRequest.Action, answer: Happening.Answer)] {
    happenings.compactMap { happening in
      if case .answered(let action, let answer) = happening { (action, answer) } else { nil }
    }
  }

  /// Whether an operator holds the entries of a pair behind all commands.
  func hold(of place: Int) -> Hold {
    var hold = Hold.free
    for (action, answer) in commands {
      let (pair, wished): (Int?, Hold)
      switch action {
      case .halt(let only): (pair, wished) = (only, .halted)
      case .resume(let only): (pair, wished) = (only, .free)
      case .forceExit, .cancelOrder, .resetBreaker: continue
      }
      guard pair == nil || pair == place, answer != .refused, hold != wished else { continue }
      hold = answer.isCertain ? wished : .unknown
    }
    return hold
  }
}

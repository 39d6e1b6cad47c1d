/// Why a session makes no entries for a while; exits go on whatever it says.
///
/// It keeps reasons, pair by pair, and says when there is a first or no more: those are the moments at
/// which the engine is told. What an operator has halted is none of its business.
struct Watchdog: Hashable, Sendable {
  /// What is watched.
  enum Reason: String, Hashable, Sendable, CaseIterable {
    /// The feed was silent, or lacked messages, and its state is not known yet.
    case feed
    /// This machine's clock is too far off the exchange's.
    case clock
    /// The store cannot be written.
    case store
    /// Our candles are not the exchange's.
    case candles
    /// The account has less than the record says.
    case balance
    /// The session that ended in the middle of a hold; over when this one has caught up.
    case restart
    /// Candles that closed while nobody listened are gone through.
    case past
  }

  private var reasons: [Set<Reason>]

  /// Nothing is held.
  init(pairs: Int) { reasons = Array(repeating: [], count: pairs) }

  /// Why a pair makes no entries now.
  func reasons(of pair: Int) -> Set<Reason> { reasons[pair] }

  /// Notes a reason.
  ///
  /// - Returns: Whether it is new.
  mutating func hold(_ pair: Int, for reason: Reason) -> Bool {
    reasons[pair].insert(reason).inserted
  }

  /// Notes that a reason is none any more.
  ///
  /// - Returns: Whether it was one, and none is left.
  mutating func release(_ pair: Int, from reason: Reason) -> Bool {
    reasons[pair].remove(reason) != nil && reasons[pair].isEmpty
  }

  /// An operator knows better: whatever is noted of a pair is forgotten until it happens again.
  mutating func clear(_ pair: Int) { reasons[pair] = [] }
}

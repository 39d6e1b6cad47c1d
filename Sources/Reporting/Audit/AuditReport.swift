public import Market

/// How a recorded session and the backtest over its candles differ, and why.
///
/// The worth of a cause is what the account has more or less at the end than if all had gone on as in
/// the backtest from there on. So the causes add up to the difference of the two results, and what
/// follows from one of them, such as another size of later entries, is counted with it.
public struct AuditReport: Hashable, Sendable {
  /// A place at which the session left the way of the backtest.
  public struct Cause: Hashable, Sendable {
    /// Why.
    public var cause: DifferenceCause
    /// The pair; `nil` for all.
    public var pair: String?
    /// When it began.
    public var time: Timestamp
    /// What happened.
    public var words: String
    /// Its effect on the result.
    public var worth: Money
    /// In how many candles, one after the other, it had one.
    public var candles: Int

    /// A cause of these parts.
    public init(
      _ cause: DifferenceCause, pair: String?, time: Timestamp, words: String, worth: Money,
      candles: Int = 1
    ) {
      self.cause = cause
      self.pair = pair
      self.time = time
      self.words = words
      self.worth = worth
      self.candles = candles
    }

    /// What happened, and for how long.
    var story: String {
      candles == 1 ? words : "\(words); and so on, over \(Display.count(candles)) candles"
    }
  }

  /// What differs.
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    /// The terms or the end of an order.
    case order
    /// An execution.
    case fill
    /// A closed position.
    case position
  }

  /// An order, a fill or a closed position that is not the same in both.
  public struct Difference: Hashable, Sendable {
    /// What it is.
    public var kind: Kind
    /// The pair.
    public var pair: String
    /// When its entry was decided on.
    public var entry: Timestamp
    /// Which one of that entry: `entry`, `exit 2`, `exit 2 fill 1`.
    public var name: String
    /// What the backtest has; `nil` where it has none.
    public var backtest: String?
    /// What the session has; `nil` where it has none.
    public var session: String?
    /// The number of the cause it comes from, from 1.
    public var cause: Int

    /// A difference of these parts.
    public init(
      _ kind: Kind, pair: String, entry: Timestamp, name: String, backtest: String?,
      session: String?, cause: Int
    ) {
      self.kind = kind
      self.pair = pair
      self.entry = entry
      self.name = name
      self.backtest = backtest
      self.session = session
      self.cause = cause
    }
  }

  /// One of the two runs, in figures.
  public struct Side: Hashable, Sendable {
    /// Orders submitted.
    public var orders: Int
    /// Executions.
    public var fills: Int
    /// Positions closed.
    public var positions: Int
    /// Cash and positions at their last closes.
    public var equity: Money

    /// A run of these figures.
    public init(orders: Int, fills: Int, positions: Int, equity: Money) {
      self.orders = orders
      self.fills = fills
      self.positions = positions
      self.equity = equity
    }
  }

  /// What was traded, in the order of registration.
  public var pairs: [String]
  /// The start of the first candle.
  public var begin: Timestamp
  /// The end of the last.
  public var end: Timestamp
  /// How many candles the session closed.
  public var candles: Int
  /// How many of them are not the backtest's, or the other way round.
  public var otherCandles: Int
  /// How many events its record has.
  public var events: Int
  /// What the account began with.
  public var cash: Money
  /// The backtest.
  public var backtest: Side
  /// The session.
  public var session: Side
  /// Where they parted, oldest first.
  public var causes: [Cause]
  /// What is not the same, by pair and time.
  public var differences: [Difference]
  /// How well the session's stops covered what it held; `nil` where that is not known.
  public var coverage: CoverageFigures?

  /// A report of these parts.
  public init(
    pairs: [String], begin: Timestamp, end: Timestamp, candles: Int, otherCandles: Int,
    events: Int, cash: Money,
    backtest: Side, session: Side, causes: [Cause], differences: [Difference]
  ) {
    self.pairs = pairs
    self.begin = begin
    self.end = end
    self.candles = candles
    self.otherCandles = otherCandles
    self.events = events
    self.cash = cash
    self.backtest = backtest
    self.session = session
    self.causes = causes
    self.differences = differences
  }
}

extension AuditReport {
  /// The session's result less the backtest's: the sum of all causes.
  public var difference: Money { session.equity - backtest.equity }

  /// A kind of cause, and what all of it comes to.
  public struct Share: Hashable, Sendable {
    /// Which.
    public var cause: DifferenceCause
    /// How often.
    public var count: Int
    /// What they are worth together.
    public var worth: Money
  }

  /// What each kind of cause comes to; those that there are.
  public var shares: [Share] {
    DifferenceCause.allCases.compactMap { cause in
      let those = causes.filter { $0.cause == cause }
      guard !those.isEmpty else { return nil }
      return Share(
        cause: cause, count: those.count, worth: those.reduce(.zero) { $0 + $1.worth })
    }
  }

  /// The part of the difference that no cause explains.
  public var unexplained: Money {
    difference - causes.filter { $0.cause != .unexplained }.reduce(.zero) { $0 + $1.worth }
  }

  /// Whether every difference has a cause; two that cancel each other out are none the less two.
  public var isExplained: Bool {
    unexplained == .zero && !causes.contains { $0.cause == .unexplained }
  }

  /// Whether nothing differs.
  public var isSame: Bool { causes.isEmpty && differences.isEmpty && difference == .zero }
}

public import Execution
public import Market
public import Strategy

/// What came of a signal and why: the entry that was sent, what stood in its way, or the limit of the
/// portfolio that refused it, with all that the figures of that limit are made up of.
///
/// Made from a run, and from the same run as far as the close in question: the account then is what
/// that leaves behind, see `AccountMoment`.
public struct DecisionExplanation: Hashable, Sendable {
  /// What came of the signal.
  public enum Outcome: Hashable, Sendable {
    /// An entry; the number of the pair's trade that began with it, if it is over.
    case entry(RunRecord.OrderEntry, trade: Int?)
    /// The pair held a position.
    case position(RunResult.OpenPosition?)
    /// An order of the pair worked.
    case workingOrder(RunRecord.OrderEntry?)
    /// The last exit fill was that many candles ago; `required` is the strategy's setting.
    case cooldown(exit: Timestamp?, candles: Int?, required: Int?)
    /// What could be bought is below the product's minimums, or a price would be 0.
    case size
    /// A limit refused; the number among all refusals of the run.
    case refused(Refusal, number: Int)
    /// Entries were halted.
    case halted
  }

  /// A pair of the account.
  public struct Pair: Hashable, Sendable {
    /// Its name.
    public var name: String
    /// Its correlation group; `nil` where it is its own.
    public var group: String?
  }

  /// What is traded.
  public var product: Product
  /// The strategy's name.
  public var strategy: String
  /// The candles' length.
  public var interval: TimeSpan
  /// All pairs, in the order of registration.
  public var pairs: [Pair]
  /// What was allowed.
  public var limits: PortfolioLimits
  /// What the account began with, by which the breaker measures.
  public var capital: Money
  /// How many refusals the run has.
  public var refusals: Int
  /// Why there was a signal.
  public var signal: SignalExplanation
  /// The account at that moment.
  public var account: AccountMoment
  /// What the entry was to cost.
  public var terms: EntryTerms
  /// What came of it.
  public var outcome: Outcome

  /// The explanation of a signal; `nil` where the pair had none then.
  ///
  /// - Parameters:
  ///   - account: The account when the pair decided on it.
  ///   - result: The whole run.
  ///   - part: The run up to that close.
  ///   - signal: Why there was a signal.
  ///   - engine: What the pair's engine was told.
  public init?(
    at account: AccountMoment, of result: PortfolioResult, upTo part: PortfolioResult,
    signal: SignalExplanation, engine: EngineSettings
  ) {
    let run = result.pairs[account.pair]
    guard let found = run.record.signals.first(where: { $0.time == account.time }) else {
      return nil
    }
    product = run.product
    strategy = run.settings.first { $0.key == "strategy.name" }?.value ?? ""
    interval = run.interval
    pairs = zip(result.pairs, result.groups).map { Pair(name: $0.product.id, group: $1) }
    limits = result.limits
    capital = result.startingCash
    let refusals = result.refusals
    self.refusals = refusals.count
    self.signal = signal
    self.account = account
    terms = EntryTerms(of: signal.signal, on: account, engine, result.limits)
    let number = refusals.firstIndex {
      $0.pair == account.pair && $0.element.time == account.time
    }
    switch found.outcome {
    case .entry(let order):
      outcome = .entry(
        run.record.orders[Int(order) - 1],
        trade: run.record.trades.firstIndex { $0.entryOrder == order }.map { $0 + 1 })
    case .skipped(.position): outcome = .position(part.pairs[account.pair].openPosition)
    case .skipped(.workingOrder):
      outcome = .workingOrder(part.pairs[account.pair].record.orders.last { $0.ending == nil })
    case .skipped(.cooldown): outcome = Self.cooldown(part.pairs[account.pair])
    case .skipped(.size): outcome = .size
    case .skipped(.risk):
      outcome = number.map { .refused(refusals[$0].element.refusal, number: $0 + 1) } ?? .halted
    }
    if case .refused(let refusal, _) = outcome, !refusal.rule.comesAfterCut { terms.cut = nil }
  }

  private static func cooldown(_ run: RunResult) -> Outcome {
    let exit = zip(run.record.fills, run.record.holdings).reversed().first { $0.0.side == .sell }
    let required = run.settings.first { $0.key == "strategy.cooldown" }.flatMap { Int($0.value) }
    return .cooldown(
      exit: exit?.0.time, candles: exit.map { run.candles.count - 1 - $0.1.candle },
      required: required)
  }

  /// The pairs whose exposure counts for the deciding pair's group, that pair among them.
  public var groupMembers: [Int] {
    guard let group = pairs[account.pair].group else { return [account.pair] }
    return pairs.indices.filter { pairs[$0].group == group }
  }

  /// The name of the deciding pair's group, or its own.
  public var groupName: String { pairs[account.pair].group ?? pairs[account.pair].name }

  /// The pairs that count for max_positions: those with a position or an entry, and the deciding one.
  public var activePairs: [Int] {
    pairs.indices.filter { account.stakes[$0].isActive || $0 == account.pair }
  }
}

extension PortfolioRule {
  /// Whether an entry has been cut to max_position_size_pct when this rule is looked at.
  fileprivate var comesAfterCut: Bool {
    switch self {
    case .breaker, .dailyLossLimit, .removal, .maxPositions: false
    case .maxPositionSize, .maxCorrelatedExposure, .maxConcurrentOrders: true
    }
  }
}

import Configuration
import Execution
import Market
import Matching
import Reporting
import Simulator
import Strategy

/// The run of a result, made again and found to be the recorded one, so that it can be explained.
struct ExplainedRun {
  private let path: String
  private let repeated: RepeatedRun
  private let result: PortfolioResult
  private let plan: PortfolioPlan
  private let isOfOne: Bool

  /// Makes the run again.
  ///
  /// - Throws: `WhyError.differs` where it is another one.
  init(of file: ResultFile, csv: [String], by program: Program) throws {
    path = file.path
    do {
      repeated = try RepeatedRun(of: file, csv: csv, by: program)
    } catch let refusal as RepeatedRun.Refusal {
      throw WhyError.differs(file.path, refusal.differences[0])
    }
    let run = try repeated.play()
    if let difference = try file.comparison(with: run, by: program).differences.first {
      throw WhyError.differs(file.path, difference)
    }
    result = run.portfolio(limits: repeated.settings.limits)
    plan = repeated.plan
    switch run {
    case .one: isOfOne = true
    case .several: isOfOne = false
    }
  }

  /// Explains a trade by its number among those of a pair, or of all in the order in which they closed.
  func explainTrade(_ number: Int, of name: String?) throws -> TradeExplanation {
    let all = result.trades
    let chosen = all.indices.filter { name == nil || result.name(of: all[$0]) == name }
    let place = chosen[number - 1]
    let pair = all[place].pair
    let ofPair = all[...place].count { $0.pair == pair }
    let run = result.pairs[pair]
    let entry = run.record.orders[Int(run.record.trades[ofPair - 1].entryOrder) - 1].order
    let (account, signal, _) = try moment(of: pair, at: entry.submitted)
    var explanation = TradeExplanation(
      number: ofPair, of: run,
      journal: try repeated.strategy.recordPortfolio(
        plan, repeated.candles.map(\.file.candles))[pair],
      signal: signal,
      terms: EntryTerms(of: signal.signal, on: account, plan.pairs[pair].engine, result.limits),
      limits: result.limits, slippage: plan.pairs[pair].model.slippage)
    if !isOfOne { explanation.placeInAccount = .init(place + 1, of: all.count) }
    return explanation
  }

  /// Explains a refusal by its number among those of a pair, or of all.
  func explainRefusal(_ number: Int, of name: String?) throws -> DecisionExplanation {
    let refusals = result.refusals.filter { name == nil || result.name(of: $0) == name }
    guard number <= refusals.count else {
      throw WhyError.noRefusal(path, number: number, count: refusals.count, pair: name)
    }
    return try explainDecision(
      of: refusals[number - 1].pair, at: refusals[number - 1].element.time)
  }

  /// Explains what came of the signal at a close.
  func explainSignal(at time: Timestamp, of name: String?) throws -> DecisionExplanation {
    let pairs = result.pairs.indices.filter { name == nil || result.pairs[$0].product.id == name }
    let signals = pairs.filter { result.pairs[$0].record.signals.contains { $0.time == time } }
    guard let pair = signals.first else {
      let times = pairs.flatMap { result.pairs[$0].record.signals.map(\.time) }
      throw WhyError.noSignal(
        path, time, before: times.filter { $0 < time }.max(),
        after: times.filter { $0 > time }.min(), pair: name)
    }
    guard signals.count == 1 else {
      let names = signals.map { result.pairs[$0].product.id }.joined(separator: " and ")
      throw UsageError.missing("--pair PAIR, since \(names) had a signal then,")
    }
    return try explainDecision(of: pair, at: time)
  }

  private func explainDecision(of pair: Int, at time: Timestamp) throws -> DecisionExplanation {
    let (account, signal, part) = try moment(of: pair, at: time)
    let explanation = DecisionExplanation(
      at: account, of: result, upTo: part, signal: signal, engine: plan.pairs[pair].engine)
    guard let explanation else {
      preconditionFailure("\(result.pairs[pair].product.id) has no signal at \(time)")
    }
    return explanation
  }

  /// The account when a pair decided on a signal, why it was one, and the run up to then.
  private func moment(
    of pair: Int, at time: Timestamp
  ) throws -> (AccountMoment, SignalExplanation, PortfolioResult) {
    let candles = repeated.candles[pair].file.candles
    let seen = candles.prefix { $0.start + result.interval <= time }
    guard let signal = try repeated.strategy.explain(plan.pairs[pair], seen) else {
      preconditionFailure("the close of \(result.pairs[pair].product.id) at \(time) is no signal")
    }
    let part = try repeated.play(until: time)
    let account = AccountMoment(
      of: pair, at: time, in: part, engines: plan.pairs.map(\.engine))
    return (account, signal, part)
  }
}

import Configuration
import Execution
import Foundation
import Market
import Matching
import Persistence
import Simulator
import Strategy
import TestKit

@testable import Runner

/// Ways in which an exchange, or an operator, keeps a session from going the backtest's way.
struct Perturbation: Hashable, Sendable {
  /// Of a hundred fills, how many have another price.
  var prices = 0
  /// The rate of takers, where it is another than the settings'.
  var takerRate: Rate?
  /// Of a hundred fills, how many have a fee that is no tier's.
  var fees = 0
  /// The share of a candle's volume, where it is another than the settings'.
  var participation: Rate?
  /// Of a hundred reports, how many come after the next trade.
  var delays = 0
  /// Of a hundred exit orders that take another's place, how many are placed only some trades later.
  var holds = 0
  /// Of a hundred entries, how many are refused.
  var refusals = 0
  /// Of a hundred candles, at the end of how many an operator says something.
  var words = 0
  /// Of a hundred entries that rest, how many are filled though nothing traded there.
  var ghosts = 0
  /// Of a hundred candles, at the end of how many somebody takes an order out by hand.
  var endings = 0
  /// Of a hundred candles, how many go by without the session.
  var absences = 0
  /// Of a hundred candles, at the end of how many the session halts a pair by itself and an operator asks
  /// for the same, or for entries again.
  var holdings = 0
  /// Whether the session ends at an entry's time, before the candle that ends then is closed.
  var endsAtExpiry = false
  /// Whether it ends within a candle and takes its entry back, which is filled before that is known.
  var endsWithEntry = false
}

/// A session as a store keeps it, on an exchange that is the simulated market but for a perturbation.
struct PerturbedSession {
  /// Made-up candles of each pair.
  let candles: [[Candle]]
  let entry: StrategyEntry
  let plan: PortfolioPlan
  private var random: SplitMix64
  private let perturbation: Perturbation

  private var machine: any TradingMachine
  private var markets: [MatchingEngine]
  private let store: Store
  private let writer: StoreWriter
  private let requests: RequestDesk
  private let desk: OperatorDesk
  private var outbox = Outbox()
  private var reports: [OrderReport] = []
  /// Reports that come after the next trade of their pair.
  private var late: [[OrderReport]]
  /// Orders that are placed only after so many trades of their pair.
  private var held: [[(order: Order, trades: Int)]]
  private var price: [Price]
  /// Whether the session has ended before its time.
  private(set) var isOver = false

  init(
    seed: UInt64, pairs: Int, count: Int, _ perturbation: Perturbation, sets: [String] = [],
    in folder: borrowing TemporaryFolder
  ) throws {
    var random = SplitMix64(seed: seed)
    let program = Program(strategies: StrategyEntry.builtIn)
    let names = ["BTC-USD", "ETH-USD", "SOL-USD"].prefix(pairs)
    let settings = try Settings(
      sets: [
        "strategy.rsi_oversold=45", "portfolio.position_size=0.2", "exit.trail=0.015",
        "simulation.participation=0.2",
      ] + sets, pairs: pairs == 1 ? [] : Array(names), strategies: program.strategyKeys)
    entry = program.strategy(of: settings)
    let parts = settings.tradedPairs
    plan = PortfolioPlan(
      pairs: parts.map(BacktestPlan.init), cash: settings.simulation.cash, limits: settings.limits)
    candles = names.map { _ in
      Array(SyntheticCandles(.init(seed: random.next(), count: count)))
    }
    self.perturbation = perturbation
    self.random = random
    machine = try entry.begin(plan).machine
    markets = plan.pairs.map { pair in
      var model = pair.model
      if let rate = perturbation.takerRate { model.takerRate = rate }
      if let share = perturbation.participation { model.participation = share }
      return MatchingEngine(product: pair.engine.product, model: model)
    }
    late = names.map { _ in [] }
    held = names.map { _ in [] }
    price = names.map { _ in .zero }
    store = try Store.openOrCreate(
      at: Store.Location(path: folder.path("run.db"), synchronous: .off),
      run: RunRow(
        kind: .live, session: 0, strategy: entry.name, manifest: "{}", keeping: .all,
        cash: plan.cash),
      pairs: plan.pairs.map {
        PairRow(
          product: $0.engine.product.id, group: $0.group,
          quoteIncrement: $0.engine.product.quoteIncrement,
          baseIncrement: $0.engine.product.baseIncrement, interval: $0.engine.interval,
          positionSize: $0.engine.positionSize)
      })
    writer = try StoreWriter(store, rhythm: .whenAsked, replaying: false)
    requests = try RequestDesk(store)
    desk = try OperatorDesk(store, writer)
  }

  /// Trades all candles, and keeps the record.
  mutating func trade() throws {
    try writer.snapshot(StateText.encode(machine))
    let starts = Set(candles.flatMap { $0.map(\.start) }).sorted()
    for start in starts {
      let now = candles.map { pair in pair.first { $0.start == start } }
      let isAway = chance(perturbation.absences)
      for (pair, candle) in now.enumerated() {
        guard let candle else { continue }
        if isAway { try miss(candle, of: pair) } else { try walk(candle, of: pair) }
        if isOver { break }
      }
      for (pair, candle) in now.enumerated() where !isOver {
        if let candle { try close(candle, of: pair) }
      }
      if isOver { break }
      let end = start + plan.pairs[0].engine.interval
      if chance(perturbation.words) { try say(at: end) }
      if chance(perturbation.endings) { try takeOut() }
      if chance(perturbation.holdings) { try hold(at: end) }
    }
    try writer.commit()
  }

  /// The record, for looking at.
  var record: RecordedRun { RecordedRun(store) }
  /// What the session came to.
  var equity: Money { machine.portfolio.equity }

  // MARK: - The market

  private mutating func walk(_ candle: Candle, of pair: Int) throws {
    let third = TimeSpan(nanoseconds: plan.pairs[pair].engine.interval.nanoseconds / 3)
    if machine.standing(of: pair).deadline <= candle.start {
      try deliver(.clock(candle.start), to: pair)
    }
    let points = plan.pairs[pair].model.path.points(of: candle)
    for (index, point) in [points.0, points.1, points.2, points.3].enumerated() {
      let time = candle.start + third * index
      // What waits from before this trade is there after it.
      let waiting = late[pair]
      late[pair] = []
      for place in held[pair].indices { held[pair][place].trades -= 1 }
      if index == 0 {
        markets[pair].beginJump(to: point, at: time, volume: candle.volume)
      } else {
        markets[pair].beginMove(to: point, at: time)
      }
      while markets[pair].step(into: &reports) { try drain(pair) }
      price[pair] = point
      try deliver(.trade(price: point, time: time), to: pair)
      try catchUp(pair, at: time, waiting)
      if index == 0, perturbation.endsWithEntry { try endWithEntry(of: pair, at: time) }
      if isOver { return }
    }
    markets[pair].endCandle()
  }

  /// Goes through a candle while the session is away: what became of its orders it hears at the end.
  private mutating func miss(_ candle: Candle, of pair: Int) throws {
    let interval = plan.pairs[pair].engine.interval
    let third = TimeSpan(nanoseconds: interval.nanoseconds / 3)
    let points = plan.pairs[pair].model.path.points(of: candle)
    markets[pair].beginJump(to: points.0, at: candle.start, volume: candle.volume)
    while markets[pair].step(into: &reports) {}
    for (index, point) in [points.1, points.2, points.3].enumerated() {
      markets[pair].beginMove(to: point, at: candle.start + third * (index + 1))
      while markets[pair].step(into: &reports) {}
    }
    markets[pair].endCandle()
    price[pair] = candle.close
    let end = candle.start + interval
    reports = reports.map { OrderReport(order: $0.order, time: end, news: $0.news) }
    try drain(pair, isOnTime: true)
  }

  private mutating func close(_ candle: Candle, of pair: Int) throws {
    let time = candle.start + plan.pairs[pair].engine.interval
    if machine.standing(of: pair).deadline <= time {
      try deliver(.clock(time), to: pair)
      isOver = perturbation.endsAtExpiry
      if isOver { return }
    }
    try deliver(.candleClosed(candle), to: pair)
  }

  /// What was late is there now.
  private mutating func catchUp(
    _ pair: Int, at time: Timestamp, _ late: [OrderReport]
  ) throws {
    for (order, trades) in held[pair] where trades <= 0 {
      markets[pair].submit(order, into: &reports)
    }
    held[pair].removeAll { $0.trades <= 0 }
    reports = late.map { OrderReport(order: $0.order, time: time, news: $0.news) } + reports
    try drain(pair, isOnTime: true)
  }

  // MARK: - The session

  private mutating func deliver(_ event: Event, to pair: Int) throws {
    outbox.clear()
    if let time = event.time, markets[pair].isBetweenCandles { markets[pair].wait(until: time) }
    machine.handle(event, of: pair, into: &outbox)
    try writer.record(event, outbox, of: pair)
    for command in outbox.commands { perform(command, of: pair) }
    try drain(pair)
  }

  private mutating func perform(_ command: Command, of pair: Int) {
    switch command {
    case .cancel(let id, _): markets[pair].cancel(id, into: &reports)
    case .submit(let order, .entry):
      if chance(perturbation.refusals) {
        reports.append(
          OrderReport(order: order.id, time: order.submitted, news: .rejected(.insufficientFunds)))
      } else {
        markets[pair].submit(order, into: &reports)
        if chance(perturbation.ghosts) { haunt(order, of: pair) }
      }
    case .submit(let order, .stop) where order.id.number > 2 && chance(perturbation.holds):
      held[pair].append((order, Int.random(in: 1...16, using: &random)))
    case .submit(let order, _): markets[pair].submit(order, into: &reports)
    }
  }

  /// Fills an order where nothing trades.
  private mutating func haunt(_ order: Order, of pair: Int) {
    let product = plan.pairs[pair].engine.product
    let price = product.floorTick(order.limit, times: Rate(steps: 500_000_000_000_000_000))
    lose(order, of: pair)
    reports.append(purchase(order, of: pair, at: price, order.submitted, .taker))
  }

  /// Ends the session where an entry rests below the price: the cancel comes too late.
  private mutating func endWithEntry(of pair: Int, at time: Timestamp) throws {
    guard let entry = machine.standing(of: pair).entry, entry.state == .open,
      entry.order.limit < price[pair]
    else { return }
    isOver = true
    lose(entry.order, of: pair)
    try deliver(.cancelEntry(.requested, time: time), to: pair)
    reports.append(purchase(entry.order, of: pair, at: entry.order.limit, time, .maker))
    try drain(pair)
  }

  /// Takes an order out of the book without a word.
  private mutating func lose(_ order: Order, of pair: Int) {
    markets[pair].cancel(order.id, into: &reports)
    _ = reports.popLast()
  }

  /// The report of all of an entry that no market has filled.
  private func purchase(
    _ order: Order, of pair: Int, at price: Price, _ time: Timestamp, _ liquidity: Liquidity
  ) -> OrderReport {
    let model = markets[pair].model
    let rate = liquidity == .maker ? model.makerRate : model.takerRate
    return OrderReport(
      order: order.id, time: time,
      news: .filled(
        Fill(
          order: order.id, id: 1 << 40 | order.id.number, time: time, side: .buy, price: price,
          quantity: order.quantity, fee: (price * order.quantity).fee(at: rate),
          liquidity: liquidity)))
  }

  private var isDraining = false

  private mutating func drain(_ pair: Int, isOnTime: Bool = false) throws {
    guard !isDraining else { return }
    isDraining = true
    defer { isDraining = false }
    while !reports.isEmpty {
      var report = reports.removeFirst()
      if case .filled(let fill) = report.news { report.news = .filled(changed(fill, of: pair)) }
      if !isOnTime, !markets[pair].isBetweenCandles, chance(perturbation.delays) {
        late[pair].append(report)
        continue
      }
      try deliver(.report(report), to: pair)
    }
  }

  private mutating func changed(_ fill: Fill, of pair: Int) -> Fill {
    var fill = fill
    let product = plan.pairs[pair].engine.product
    if chance(perturbation.prices) {
      let worse = Rate(steps: Int64.random(in: 1...2_000, using: &random) * 1_000_000_000_000)
      fill.price =
        fill.side == .buy
        ? product.ceilTick(fill.price, times: worse.growth) ?? fill.price
        : product.floorTick(fill.price, times: worse.complement)
      let model = markets[pair].model
      fill.fee = fill.notional.fee(
        at: fill.liquidity == .maker ? model.makerRate : model.takerRate)
    }
    if chance(perturbation.fees) {
      fill.fee += Money(steps: Int128.random(in: 1...1_000_000_000_000_000_000, using: &random))
    }
    return fill
  }

  /// An operator asks for something, by the clock of this machine, and the session does it.
  private mutating func say(at time: Timestamp) throws {
    let pair = Int.random(in: 0..<plan.pairs.count, using: &random)
    let standing = machine.standing(of: pair)
    let product = plan.pairs[pair].engine.product
    try writer.commit()
    if let open = writer.position(of: pair), Bool.random(using: &random) {
      let below = product.floorTick(
        price[pair], times: Rate(steps: 990_000_000_000_000_000))
      _ = try requests.make(
        .forceExit(pair: pair, position: open.number, price: below), at: .now)
    } else {
      _ = try requests.make(
        standing.isHalted ? .resume(pair: pair) : .halt(pair: pair), at: .now)
    }
    try serve(at: time)
  }

  /// The session halts a pair by itself, and an operator asks for the same; or for entries again.
  private mutating func hold(at time: Timestamp) throws {
    let pair = Int.random(in: 0..<plan.pairs.count, using: &random)
    let isHalted = machine.standing(of: pair).isHalted
    if !isHalted { try deliver(.halt(time: time), to: pair) }
    try writer.commit()
    _ = try requests.make(isHalted ? .resume(pair: pair) : .halt(pair: pair), at: .now)
    try serve(at: time)
  }

  private mutating func serve(at time: Timestamp) throws {
    while let step = try desk.next(at: time) {
      for (pair, event) in step.events { try deliver(event, to: pair) }
      try writer.commit()
      try desk.answer(step)
    }
  }

  /// Somebody ends the entry, or else the stop, of a pair at the exchange.
  private mutating func takeOut() throws {
    let pair = Int.random(in: 0..<plan.pairs.count, using: &random)
    let standing = machine.standing(of: pair)
    guard let order = standing.entry ?? standing.exit,
      order.role == .entry || markets[pair].isWaitingForTrigger(order.order.id)
    else { return }
    markets[pair].cancel(order.order.id, into: &reports)
    try drain(pair)
  }

  private mutating func chance(_ percent: Int) -> Bool {
    percent > 0 && Int.random(in: 0..<100, using: &random) < percent
  }
}

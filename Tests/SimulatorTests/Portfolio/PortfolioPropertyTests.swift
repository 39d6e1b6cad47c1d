import Market
import Matching
import Reporting
import Simulator
import Strategy
import TestKit
import Testing

@testable import Execution

/// Random pairs on one account: what must hold in every run; SEMANTICS 8.
@Suite struct PortfolioPropertyTests {
  static let rounds: UInt64 = 4

  static func worlds(
    _ seed: UInt64, _ grid: PortfolioWorld.Grid = .shared
  ) throws -> [PortfolioWorld] {
    try (0..<rounds).map { try PortfolioWorld(seed: seed &* 100 &+ $0, grid: grid) }
  }

  @Test(
    "Each signal, refusal, trip and lost day is what a slow oracle expects; I7 at each entry",
    arguments: Seeds.ofThisRun)
  func oracle(seed: UInt64) throws {
    for world in try Self.worlds(seed) {
      let walk = try world.walk()
      var oracle = PortfolioOracle(world, seed: seed)
      for entry in walk.log { oracle.take(entry) }

      // Pair by pair the fills, together the account, to the last unit.
      let flows = walk.records.flatMap { $0.fills.map(\.cashFlow) }
      #expect(flows.reduce(PortfolioWorld.cash, +) == walk.portfolio.account.cash, "seed \(seed)")
      #expect(walk.portfolio.account.cash == oracle.cash, "seed \(seed)")
      #expect(walk.portfolio.equity == oracle.equity, "seed \(seed)")
      #expect(walk.portfolio.pairs.map(\.quantity) == oracle.quantities, "seed \(seed)")
      #expect(walk.portfolio.trip == oracle.trip, "seed \(seed)")
      #expect(walk.records.flatMap(\.anomalies).isEmpty, "seed \(seed)")

      let curve = PortfolioCurve(world.result(of: walk.records))
      #expect(curve.map(\.time) == oracle.curve.map(\.time), "seed \(seed)")
      #expect(curve.map(\.equity) == oracle.curve.map(\.equity), "seed \(seed)")
    }
  }

  @Test func `the worlds enter, are cut, trip, and are refused by every rule`() throws {
    var entries = 0
    var cuts = 0
    var rules: Set<PortfolioRule> = []
    for seed in 1...10 as ClosedRange<UInt64> {
      for world in try Self.worlds(seed) {
        for record in try world.run().pairs.map(\.loop.journal) {
          entries += record.orders.count { $0.role == .entry }
          cuts += record.sizeCuts
          rules.formUnion(record.refusals.map(\.refusal.rule))
        }
      }
    }
    #expect(entries > 100 && cuts > 10)
    #expect(rules == [.breaker, .dailyLossLimit, .maxPositions, .maxCorrelatedExposure])
  }

  @Test(
    "Passing over what touches nothing, in blocks of time, gives the run that walks every point",
    arguments: Seeds.ofThisRun)
  func passing(seed: UInt64) throws {
    for (round, world) in try Self.worlds(seed).enumerated() {
      let slow = try world.walk()
      let block: TimeSpan? = [nil, TimeSpan(seconds: 300), TimeSpan(seconds: 7 * 300)][round % 3]
      let fast = try world.run(block: block)
      #expect(fast.pairs.map { $0.loop.journal.withoutPair } == slow.records, "seed \(seed)")
      #expect(fast.portfolio == slow.portfolio, "seed \(seed)")
    }
  }

  @Test(
    "A simulated exchange answers at once, so that no entry waits for the answer to another",
    arguments: Seeds.ofThisRun)
  func answersAtOnce(seed: UInt64) throws {
    for world in try Self.worlds(seed) + [PlayingAheadTests.world(seed)] {
      var limited = world
      limited.limits.maxConcurrentOrders = 1
      let records = try world.walk().records
      #expect(try limited.walk().records == records, "seed \(seed)")
      let fast = try limited.run()
      #expect(fast.pairs.map { $0.loop.journal.withoutPair } == records, "seed \(seed)")
    }
  }

  @Test(
    "The account of a refusal, worked out from the run up to it, is the one that refused",
    arguments: Seeds.ofThisRun)
  func accountOfRefusals(seed: UInt64) throws {
    var random = SplitMix64(seed: seed &+ 11)
    for world in try Self.worlds(seed) {
      let engines = world.pairs.enumerated().map { index, pair in
        EngineSettings(
          product: pair.product, pair: UInt32(index), interval: PortfolioWorld.interval,
          positionSize: pair.positionSize, takerRate: pair.model.takerRate)
      }
      let whole = world.result(of: try world.run().pairs.map(\.loop.journal))
      for refusal in whole.refusals.shuffled(using: &random).prefix(12) {
        let time = refusal.element.time
        // Candles that start at that time have not closed by it.
        let earlier = world.before(time)
        let part = earlier.result(of: try earlier.run().pairs.map(\.loop.journal))
        let account = AccountMoment(of: refusal.pair, at: time, in: part, engines: engines)
        let (limits, found) = (world.limits, refusal.element.refusal)
        let label: Comment = "seed \(seed), pair \(refusal.pair) at \(time)"
        switch found.rule {
        case .breaker:
          #expect(account.trip?.level == found.limit, label)
          #expect(WideMoney(account.equity) == found.value, label)
        case .dailyLossLimit:
          let day = try #require(account.day, label)
          let percent = try #require(limits.dailyLossLimit)
          #expect(WideMoney(day.firstEquity, percent: 100 - percent) == found.limit, label)
          #expect(WideMoney(account.equity) == found.value, label)
          #expect(try #require(day.lost) <= time, label)
        case .maxPositions:
          let active = account.stakes.indices.filter {
            $0 == refusal.pair || account.stakes[$0].isActive
          }
          #expect(WideMoney(count: active.count) == found.value, label)
        case .maxCorrelatedExposure:
          let percent = try #require(limits.maxCorrelatedExposure)
          #expect(WideMoney(account.equity, percent: percent) == found.limit, label)
          let pair = world.pairs[refusal.pair]
          let why = SignalExplanation(
            of: pair.strategy, after: earlier.pairs[refusal.pair].candles)
          let terms = EntryTerms(
            of: try #require(why, label).signal, on: account, engines[refusal.pair], limits)
          let members = world.pairs.indices.filter {
            $0 == refusal.pair || pair.group != nil && world.pairs[$0].group == pair.group
          }
          let held = members.reduce(terms.notional) { $0 + account.stakes[$1].exposure }
          #expect(WideMoney(held) == found.value, label)
        case .removal, .maxPositionSize, .maxConcurrentOrders:
          Issue.record("\(found) in a simulated run")
        }
      }
    }
  }

  @Test("The candles before a time give a prefix of the run", arguments: Seeds.ofThisRun)
  func noLookahead(seed: UInt64) throws {
    var random = SplitMix64(seed: seed &+ 7)
    for world in try Self.worlds(seed) {
      let whole = try world.walk().log
      let starts = world.pairs.flatMap { $0.candles.map(\.start) }
      guard let end = starts.randomElement(using: &random) else { continue }
      let part = try world.before(end).walk().log
      #expect(part == Array(whole.prefix(part.count)), "seed \(seed), before \(end)")
      #expect(part.count < whole.count, "seed \(seed), before \(end)")
    }
  }

  @Test(
    "Pairs that never have a candle at one time may be registered in any order",
    arguments: Seeds.ofThisRun)
  func anyOrder(seed: UInt64) throws {
    var random = SplitMix64(seed: seed &+ 8)
    for world in try Self.worlds(seed, .interleaved) {
      let first = try world.run()
      let order = Array(world.pairs.indices).shuffled(using: &random)
      let second = try world.registered(order).run()
      let expected = order.map { first.pairs[$0].loop.journal.withoutPair }
      #expect(
        second.pairs.map { $0.loop.journal.withoutPair } == expected, "seed \(seed), \(order)")
      #expect(second.portfolio.account == first.portfolio.account, "seed \(seed), \(order)")
    }
  }

  @Test(
    "At one close who was registered first enters first", arguments: Seeds.ofThisRun)
  func priority(seed: UInt64) throws {
    for most in 1...3 {
      var world = try PortfolioWorld(seed: seed)
      world.limits = PortfolioLimits(maxPositions: most)
      // Every pair the same, each with a signal at its first close.
      world.pairs[0].strategy.signals = [0]
      world.pairs[0].product.quoteMinSize = .zero
      world.pairs[0].positionSize = rate("0.01")
      world.pairs = Array(repeating: world.pairs[0], count: 5)
      let run = try world.run()
      let outcomes = run.pairs.map { $0.loop.journal.signals.first?.outcome }
      #expect(
        outcomes
          == Array(repeating: .entry(1), count: most)
          + Array(repeating: .skipped(.risk), count: 5 - most), "seed \(seed)")
    }
  }

  @Test("A pair that never signals changes nothing for the others", arguments: Seeds.ofThisRun)
  func silentPair(seed: UInt64) throws {
    var random = SplitMix64(seed: seed &+ 9)
    for var world in try Self.worlds(seed) {
      // Every close is a look at equity: one more look, before that of a pair whose close is lower,
      // may see what no other saw. Behind all others it sees nothing new, but begins days.
      let place = Int.random(in: 0...world.pairs.count, using: &random)
      world.limits.dailyLossLimit = nil
      if place < world.pairs.count { world.limits.emergencyLiquidationLoss = nil }
      var silent = try PortfolioWorld(seed: random.next()).pairs[0]
      silent.strategy.signals = []
      var more = world
      more.pairs.insert(silent, at: place)
      let (without, with) = (try world.run(), try more.run())
      var records = with.pairs.map { $0.loop.journal.withoutPair }
      #expect(records.remove(at: place) == RunRecord(), "seed \(seed)")
      #expect(records == without.pairs.map { $0.loop.journal.withoutPair }, "seed \(seed)")
      #expect(with.portfolio.account == without.portfolio.account, "seed \(seed)")
    }
  }

  @Test(
    "After the breaker nothing is entered, and a liquid market takes everything",
    arguments: Seeds.ofThisRun)
  func breaker(seed: UInt64) throws {
    var trips = 0
    for round in 0..<Self.rounds {
      var world = try PortfolioWorld(seed: seed &* 100 &+ round)
      world.limits = PortfolioLimits(emergencyLiquidationLoss: money("-0.5"))
      for pair in world.pairs.indices {
        world.pairs[pair].model = MarketModel(participation: .one)
        for place in world.pairs[pair].candles.indices {
          world.pairs[pair].candles[place].volume = 1_000_000_000
        }
      }
      let walk = try world.walk()
      guard let trip = walk.portfolio.trip else { continue }
      trips += 1
      for (pair, record) in zip(world.pairs, walk.records) {
        let entries = record.orders.filter { $0.role == .entry }
        #expect(entries.allSatisfy { $0.order.submitted <= trip.time }, "seed \(seed)")
        #expect(
          entries.allSatisfy { $0.done.map { $0 <= trip.time } ?? false },
          "an entry outlived the breaker, seed \(seed)")
        #expect(
          record.fills.allSatisfy { $0.time <= trip.time || $0.side == .sell }, "seed \(seed)")
        // The rescue's price is looked at in the pair's next candle, where it takes.
        guard pair.candles.contains(where: { $0.start >= trip.time }) else { continue }
        let bought = record.fills.filter { $0.side == .buy }.reduce(Quantity.zero) {
          $0 + $1.quantity
        }
        let sold = record.fills.filter { $0.side == .sell }.reduce(Quantity.zero) {
          $0 + $1.quantity
        }
        #expect(bought == sold, "something was not sold, seed \(seed)")
      }
    }
    if seed == 1 { #expect(trips > 0, "the worlds of this seed trip") }
  }
}

extension PortfolioWorld {
  /// What reports are made from.
  func result(of records: [RunRecord]) -> PortfolioResult {
    PortfolioResult(
      pairs: zip(pairs, records).map { pair, record in
        RunResult(
          source: "", product: pair.product, interval: Self.interval, candles: pair.candles,
          data: DataQuality(), settings: [], changed: [], startingCash: Self.cash, trail: nil,
          record: record, openPosition: nil, workingOrders: [], indicators: [])
      },
      groups: pairs.map(\.group), startingCash: Self.cash, interval: Self.interval, limits: limits,
      settings: [], changed: [])
  }
}

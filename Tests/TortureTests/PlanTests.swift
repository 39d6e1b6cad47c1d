import Configuration
import Market
import Sandbox
import Simulator
import Testing

@testable import Torture

@Suite("The plan of a seed")
struct PlanTests {
  @Test("is the same each time, and a configuration", arguments: 1...200 as ClosedRange<UInt64>)
  func drawn(seed: UInt64) throws {
    let plan = TorturePlan(seed: seed)
    #expect(plan == TorturePlan(seed: seed))
    let settings = try plan.checkedSettings()
    #expect(settings.pairs.map(\.name) == plan.pairs.map(\.name))
    #expect(settings.pairs.allSatisfy { $0.exitTerms != nil })
    #expect(plan.candles.allSatisfy { $0.count == plan.pairs[0].candles.count })
  }

  @Test func `different seeds mean different things`() {
    #expect(Set((1...100).map { TorturePlan(seed: $0).text }).count == 100)
  }

  private static let plans = (1...300).map { TorturePlan(seed: $0) }
  private static let day = TimeSpan(seconds: 86_400)

  @Test("nine sessions of ten last one to four days, with however many pairs", arguments: 1...5)
  func lengths(pairs: Int) {
    let lengths = Self.plans.filter { $0.pairs.count == pairs }.map(\.length)
    let usual = lengths.count { $0 >= Self.day && $0 <= Self.day * 4 }
    #expect(usual * 100 >= lengths.count * 85, "\(usual) of \(lengths.count)")
    #expect(lengths.allSatisfy { $0 <= Self.day * 4 })
    // A seed is to take a second or two.
    let candles = Self.plans.map { $0.pairs.count * ($0.pairs[0].candles.count - $0.history) }
    #expect(candles.allSatisfy { $0 <= 1440 } && candles.reduce(0, +) < 760 * candles.count)
  }

  @Test
  func `what comes at times of the data comes at least once in a session, and is over by its end`()
  {
    for plan in Self.plans {
      for rule in plan.faults.rules {
        guard let every = rule.every else { continue }
        #expect(every.seconds * 4 <= plan.length.seconds * 3, "seed \(plan.seed): \(rule.kind)")
        #expect(rule.span.upperBound.seconds * 10 < plan.length.seconds)
      }
    }
  }

  @Test func `a plan of two days or more stays as it was drawn`() {
    let drawn = FaultPlan.random(seed: 7)
    var long = drawn
    long.fit(into: Self.day * 2)
    let times = { (plan: FaultPlan) in plan.rules.map { [$0.every, $0.span.upperBound] } }
    #expect(times(long) == times(drawn))
    var short = drawn
    short.fit(into: TimeSpan(seconds: 17_280))
    for (one, other) in zip(short.rules, drawn.rules) {
      #expect(one.every?.seconds == other.every.map { $0.seconds / 10 })
    }
  }

  @Test
  func `operators do everything that they may, to pairs that there are, and not in each seed`() {
    let idle = Self.plans.count { $0.acts.isEmpty }
    #expect((60...200).contains(idle), "\(idle)")
    var seen: Set<String> = []
    for plan in Self.plans {
      for act in plan.acts {
        switch act.verb {
        case .halt(let pair), .resume(let pair):
          #expect(pair.map { plan.pairs.indices.contains($0) } ?? true)
        case .forceExit, .cancelEntry: break
        case .resetBreaker:
          #expect(
            plan.settings.contains { $0.key == "portfolio.emergency_liquidation_loss_pct" })
        }
        switch act.occasion {
        case .atEvent(let count): #expect(count >= 0)
        case .afterEnd(let number): #expect(number >= 1 && number <= plan.kills.count)
        }
        seen.insert("\(act.verb)".prefix { $0 != "(" } + (act.isAwaited ? " awaited" : ""))
      }
    }
    #expect(seen.count == 10, "\(seen)")
    let intervals = Self.plans.flatMap(\.settings).filter { $0.key == "live.replace_interval" }
    #expect(Set(intervals.map(\.value)) == ["0", "1", "2", "20"])
  }
}

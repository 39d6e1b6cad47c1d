import Glibc
import Sandbox

/// Seeds that are played beside each other.
struct SeriesRun: Sendable {
  struct Total: Sendable {
    var seeds = 0
    var failed: [UInt64] = []
    var kills = 0
    var farewells = 0
    var surrenders = 0
    var faults: [FaultKind: Int] = [:]
    var commands: [String: Int] = [:]
    var orders = 0
    var fills = 0
    var seconds = 0.0
    var began = ContinuousClock.now

    /// Whether nothing was violated, of something that was played.
    var isSound: Bool { seeds > 0 && failed.isEmpty }

    var summary: String {
      let taken = Double((ContinuousClock.now - began).components.seconds)
      let rate = taken > 0 ? Int(Double(seeds) / taken * 3600) : 0
      return
        "torture: \(seeds) seeds, \(kills) kills, \(farewells) farewells, "
        + "\(surrenders) ends by itself, \(commands.sum) commands, \(faults.sum) faults, "
        + "\(orders) orders, \(fills) fills in \(Int(taken)) s (\(rate) an hour): "
        + verdict
    }

    /// What went wrong on purpose and what operators did, of each kind; nothing where there was nothing.
    var details: [String] {
      let kinds = FaultKind.allCases.compactMap { kind in
        faults[kind].map { "\(kind.rawValue) \($0)" }
      }
      let verbs = commands.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
      return [("faults", kinds), ("commands", verbs)].filter { !$0.1.isEmpty }.map {
        "  \($0.0): \($0.1.joined(separator: ", "))"
      }
    }

    private var verdict: String {
      guard failed.isEmpty else {
        return "\(failed.count) violated: \(failed.map(String.init).joined(separator: " "))"
      }
      return seeds > 0 ? "nothing violated" : "nothing was played"
    }
  }

  let options: TortureOptions
  let program: String
  let folder: String

  init(_ options: TortureOptions, program: String) {
    self.options = options
    self.program = program
    folder = "\(options.folder)/torture-\(getpid())"
  }

  func play() async throws -> Total {
    let began = ContinuousClock.now
    var total = Total()
    var next = options.firstSeed
    let end = options.firstSeed + options.seeds
    func isOver() -> Bool {
      if Task.isCancelled { return true }
      guard let minutes = options.minutes else { return next >= end }
      return next >= end || ContinuousClock.now - began >= .seconds(minutes * 60)
    }
    try await withThrowingTaskGroup(of: (UInt64, SeedRun.Outcome).self) { group in
      func begin() {
        let seed = next
        next += 1
        group.addTask { (seed, try await play(seed)) }
      }
      for _ in 0..<options.jobs where !isOver() { begin() }
      while let (seed, outcome) = try await group.next() {
        if !isOver() { begin() }
        if Task.isCancelled { continue }  // It was ended in the middle.
        total.seeds += 1
        total.kills += outcome.kills
        total.farewells += outcome.farewells
        total.surrenders += outcome.surrenders
        total.faults.merge(outcome.faults, uniquingKeysWith: +)
        total.commands.merge(outcome.commands, uniquingKeysWith: +)
        total.orders += outcome.orders
        total.fills += outcome.fills
        if !outcome.violations.isEmpty { total.failed.append(seed) }
        tell(seed, outcome)
        if total.seeds.isMultiple(of: 100) { say(total.summary) }
      }
    }
    if total.failed.isEmpty, !options.keeps || Task.isCancelled { Folder.remove(folder) }
    try Task.checkCancellation()
    return total
  }

  private func play(_ seed: UInt64) async throws -> SeedRun.Outcome {
    let folder = "\(folder)/seed-\(seed)"
    var plan = TorturePlan(seed: seed)
    if options.isCalm { plan.faults = .none }
    var outcome = try await SeedRun(plan: plan, program: program, folder: folder).play()
    outcome.exchange = nil  // Hundreds of them need not be kept.
    if outcome.violations.isEmpty, !options.keeps { Folder.remove(folder) }
    return outcome
  }

  private func tell(_ seed: UInt64, _ outcome: SeedRun.Outcome) {
    if outcome.violations.isEmpty {
      guard options.isVerbose else { return }
      say(
        "seed \(seed): \(outcome.kills) kills, \(outcome.farewells) farewells, "
          + "\(outcome.surrenders) ends by itself, \(outcome.commands.sum) commands, "
          + "\(outcome.faults.sum) faults, "
          + "\(outcome.orders) orders, \(outcome.fills) fills, \(Int(outcome.seconds * 1000)) ms"
          + (outcome.faultSummary.isEmpty ? "" : " (\(outcome.faultSummary))")
      )
      return
    }
    var lines = ["seed \(seed): \(outcome.violations.count) violations"]
    lines += outcome.violations.prefix(12).map { "  \($0)" }
    if outcome.violations.count > 12 { lines.append("  …") }
    if !outcome.lastFaults.isEmpty { lines.append("  \(outcome.faultSummary); the last of them:") }
    lines += outcome.lastFaults.map { "    \($0)" }
    lines.append("  files: \(folder)/seed-\(seed)")
    lines.append(
      "  again: scripts/torture --first-seed \(seed) --seeds 1 --keep\(options.isCalm ? " --calm" : "")"
    )
    say(lines.joined(separator: "\n"))
  }

  private func say(_ text: String) {
    print(text)
    fflush(nil)
  }
}

extension Dictionary where Value == Int {
  /// Of all kinds together.
  fileprivate var sum: Int { values.reduce(0, +) }
}

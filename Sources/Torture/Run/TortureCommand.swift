import Glibc
import Synchronization

/// `scripts/torture`: many seeds, and whether anything was violated.
public enum TortureCommand {
  /// Runs the command line and ends the process.
  public static func main() async -> Never {
    do {
      let options = try TortureOptions(Array(CommandLine.arguments.dropFirst()))
      exit(try await run(options) ? 0 : 1)
    } catch let fault as UsageFault {
      print("torture: \(fault)\n\n\(TortureOptions.help)")
      exit(2)
    } catch {
      print("torture: \(error)")
      exit(2)
    }
  }

  /// Plays the seeds.
  ///
  /// - Returns: Whether nothing was violated.
  private static func run(_ options: TortureOptions) async throws -> Bool {
    if options.showsPlans {
      for seed in options.firstSeed..<options.firstSeed + options.seeds {
        print(TorturePlan(seed: seed).text)
      }
      return true
    }
    guard let path = realpath(options.runner, nil) else {
      throw UsageFault("there is no program \(options.runner): build it, or name it by --runner")
    }
    defer { free(path) }
    let run = SeriesRun(options, program: String(cString: path))
    let total = try await run.play()
    print(total.summary)
    return total.failed.isEmpty
  }
}

/// Seeds that are played beside each other.
private struct SeriesRun: Sendable {
  struct Total: Sendable {
    var seeds = 0
    var failed: [UInt64] = []
    var kills = 0
    var orders = 0
    var fills = 0
    var seconds = 0.0
    var began = ContinuousClock.now

    var summary: String {
      let taken = Double((ContinuousClock.now - began).components.seconds)
      let rate = taken > 0 ? Int(Double(seeds) / taken * 3600) : 0
      return "torture: \(seeds) seeds, \(kills) kills, \(orders) orders, \(fills) fills in "
        + "\(Int(taken)) s (\(rate) an hour): "
        + (failed.isEmpty
          ? "nothing violated"
          : "\(failed.count) violated: \(failed.map(String.init).joined(separator: " "))")
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
        total.seeds += 1
        total.kills += outcome.kills
        total.orders += outcome.orders
        total.fills += outcome.fills
        if !outcome.violations.isEmpty { total.failed.append(seed) }
        tell(seed, outcome)
        if total.seeds.isMultiple(of: 100) { say(total.summary) }
      }
    }
    if total.failed.isEmpty, !options.keeps { Folder.remove(folder) }
    return total
  }

  private func play(_ seed: UInt64) async throws -> SeedRun.Outcome {
    let folder = "\(folder)/seed-\(seed)"
    let outcome = try await SeedRun(
      plan: TorturePlan(seed: seed), program: program, folder: folder
    ).play()
    if outcome.violations.isEmpty, !options.keeps { Folder.remove(folder) }
    return outcome
  }

  private func tell(_ seed: UInt64, _ outcome: SeedRun.Outcome) {
    if outcome.violations.isEmpty {
      guard options.isVerbose else { return }
      say(
        "seed \(seed): \(outcome.kills) kills, \(outcome.orders) orders, \(outcome.fills) fills, "
          + "\(Int(outcome.seconds * 1000)) ms")
      return
    }
    var lines = ["seed \(seed): \(outcome.violations.count) violations"]
    lines += outcome.violations.prefix(12).map { "  \($0)" }
    if outcome.violations.count > 12 { lines.append("  …") }
    lines.append("  files: \(folder)/seed-\(seed)")
    lines.append("  again: scripts/torture --first-seed \(seed) --seeds 1 --keep")
    say(lines.joined(separator: "\n"))
  }

  private func say(_ text: String) {
    print(text)
    fflush(nil)
  }
}

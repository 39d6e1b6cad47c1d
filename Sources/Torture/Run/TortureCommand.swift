import Glibc
import Synchronization

/// `scripts/torture`: many seeds, and whether anything was violated.
public enum TortureCommand {
  /// Runs the command line and ends the process.
  public static func main() async -> Never {
    let words = Array(CommandLine.arguments.dropFirst())
    if words.contains("--help") || words.contains("-h") {
      print(TortureOptions.help)
      exit(0)
    }
    do {
      let options = try TortureOptions(words)
      let series = Task { try await run(options) }
      let listening = Task { await endOnSignal(series) }
      let isSound = try await series.value
      listening.cancel()
      exit(isSound ? 0 : 1)
    } catch is CancellationError {
      print("torture: interrupted")
      exit(128 + (signal.load(ordering: .relaxed)))
    } catch let fault as UsageFault {
      print("torture: \(fault)\n\n\(TortureOptions.help)")
      exit(2)
    } catch {
      print("torture: \(error)")
      exit(2)
    }
  }

  /// The signal that came.
  private static let signal = Atomic<Int32>(0)

  /// Ends the sessions with the program: whoever kills it by Ctrl-C or SIGTERM leaves nothing running.
  private static func endOnSignal(_ series: Task<Bool, any Error>) async {
    _ = signal.load(ordering: .relaxed)  // Sets the global up; a handler must not.
    for number in [SIGINT, SIGTERM] {
      Glibc.signal(number) { TortureCommand.signal.store($0, ordering: .relaxed) }
    }
    while (try? await Task.sleep(for: .milliseconds(50))) != nil {
      if signal.load(ordering: .relaxed) != 0 { series.cancel() }
    }
  }

  /// Plays the seeds.
  ///
  /// - Returns: Whether something was played and nothing violated.
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
    let program = String(cString: path)
    if options.isStorm {
      return try await StormRun(options, program: program).play()
    }
    let run = SeriesRun(options, program: program)
    let total = try await run.play()
    print(total.summary)
    for line in total.details { print(line) }
    return total.isSound
  }
}

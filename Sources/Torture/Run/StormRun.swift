import Glibc
import Market
import Sandbox
import Simulator

/// A day of the market in which every socket is cut off again and again, beside the same day without.
struct StormRun: Sendable {
  private let options: TortureOptions
  private let program: String
  private let folder: String

  init(_ options: TortureOptions, program: String) {
    self.options = options
    self.program = program
    folder = "\(options.folder)/storm-\(getpid())"
  }

  /// Plays both.
  ///
  /// - Returns: Whether the storm has changed nothing and left nothing behind.
  /// - Throws: Where it cannot be played.
  func play() async throws -> Bool {
    var calm = SeedRun(plan: .storm, program: program, folder: "\(folder)/calm")
    calm.limit = .seconds(1800)
    var storm = calm
    storm.folder = "\(folder)/storm"
    storm.cutsEvery = options.cutsEvery
    storm.sampling = .milliseconds(100)
    let undisturbed = try await calm.play()
    let disturbed = try await storm.play()
    let findings = StormFindings(undisturbed, disturbed)
    print(
      "storm: \(findings.summary), in \(Int(disturbed.seconds)) s; undisturbed it takes "
        + "\(Int(undisturbed.seconds)) s")
    for defect in findings.defects { print("  \(defect)") }
    if findings.defects.isEmpty {
      Folder.remove(folder)
    } else {
      print("  files: \(folder)")
    }
    return findings.defects.isEmpty
  }
}

/// What a storm has left behind.
package struct StormFindings: Sendable {
  /// What is wrong.
  package private(set) var defects: [String]
  /// Figures for reading.
  package private(set) var summary: String

  /// How much memory may grow from the second quarter of the run to the last one.
  ///
  /// Allocators keep some of what was freed, and it is not always the same.
  private static let growth = (share: 0.1, bytes: 4_000_000)

  init(_ calm: SeedRun.Outcome, _ storm: SeedRun.Outcome) {
    self.init(storm.samples)
    defects += (calm.violations + storm.violations).map { "\($0)" }
    let (was, now) = (Self.fills(calm.exchange), Self.fills(storm.exchange))
    for (one, other) in zip(was, now) where one != other {
      defects.append("the first fill that differs: \(one) without the storm, \(other) with it")
      break
    }
    if was.count != now.count {
      defects.append("\(was.count) fills without the storm, \(now.count) with it")
    }
    summary += ", \(now.count) fills"
  }

  /// Looks at a process that was looked at in equal steps.
  package init(_ samples: [ProcessSample]) {
    defects = []
    guard samples.count >= 8 else {
      summary = "\(samples.count) looks at the process"
      defects.append("the process was looked at \(samples.count) times only")
      return
    }
    let quarter = samples.count / 4
    // In the first quarter the session begins, and fills its caches.
    let (early, late) = (samples[quarter..<(2 * quarter)], samples.suffix(quarter))
    let (before, after) = (Self.middle(early.map(\.memory)), Self.middle(late.map(\.memory)))
    let allowed = max(Int(Double(before) * Self.growth.share), Self.growth.bytes)
    summary =
      "memory \(before / 1_000_000) MB early, \(after / 1_000_000) MB late, files "
      + "\(Self.middle(early.map(\.files))) early, \(Self.middle(late.map(\.files))) late"
    if after > before + allowed {
      defects.append("memory grows from \(before) to \(after) bytes")
    }
    // Connections come and go: what is left behind stays, and is more at its least than all there was before.
    let (most, fewLater) = (early.map(\.files).max() ?? 0, late.map(\.files).min() ?? 0)
    if fewLater > most {
      defects.append("at most \(most) files are open early, and at least \(fewLater) late")
    }
  }

  private static func middle(_ values: [Int]) -> Int { values.sorted()[values.count / 2] }

  private static func fills(_ exchange: SandboxExchange?) -> [String] {
    guard let exchange else { return [] }
    return exchange.fills.map { fill in
      let order = exchange.orders[fill.order]
      let number = ClientOrderID(clientName: order.wish.clientID)?.number ?? 0
      return
        "\(fill.fill.time) order \(number) \(fill.fill.side.rawValue) \(fill.fill.quantity) at "
        + "\(fill.fill.price), fee \(fill.fill.fee)"
    }
  }
}

extension TorturePlan {
  /// A day in candles of a minute, on which there is much to do.
  static var storm: TorturePlan {
    TorturePlan(
      seed: 0,
      pairs: [
        Pair(
          name: "BTC-USD",
          candles: SyntheticCandles.Settings(
            seed: 24, count: 1440, interval: TimeSpan(seconds: 60), volatility: 0.003,
            gapProbability: 0, zeroVolumeProbability: 0),
          minimum: 1)
      ], interval: 60, history: 0, cash: 10_000, enforcesMinimums: false, key: .ed25519,
      settings: [
        Setting("strategy.name", "sma_cross"), Setting("strategy.fast", 2),
        Setting("strategy.slow", 6), Setting("exit.atr_period", 5),
        Setting("exit.atr_multiple", "1.5"), Setting("portfolio.position_size", "0.5"),
        // What is decided by the clock would differ from one run to the next.
        Setting("live.replace_interval", 0),
      ] + patience, kills: [], faults: .none)
  }
}

import Foundation
import LiveBroker
import Market
import Persistence
import Simulator
import Strategy
import Synchronization

/// What a live session takes between a trade and its order, and how many trades it can follow.
///
/// Over TLS on this machine, the stand-in for the exchange in the same process: its part is in the
/// times, the network's is not.
struct LiveBenchmark {
  let rounds: Int

  private static let start = Timestamp(seconds: 1_704_067_200)

  func run(_ report: inout Report) throws {
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "ratchet-live-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try latency(in: folder, &report)
    try throughput(in: folder, &report)
  }

  // MARK: - Latency

  private func latency(in folder: URL, _ report: inout Report) throws {
    let count = 200 * rounds
    report.heading(
      "live: from a trade's message to the arrival of its order, \(count) times", unit: "µs",
      extra: ["p99", "max"])
    let strategy = EveryClose(
      Parameters([]), exit: RatchetExit(Parameters(RatchetExit.parameters)))
    for (name, synchronous) in [
      ("order, commit synced", Synchronous.full), ("order, commit not synced", .normal),
    ] {
      let subject = LiveSubject(["BTC-USD"], strategy, synchronous, in: folder)
      let file = try SyncedFile(in: folder)
      let (orders, syncs) = try Self.waiting { try await Self.orders(count, of: subject, file) }
      let reference = Measurement(name: "write and sync alone", rounds: syncs, allocations: 0)
      if synchronous == .full { add(reference, beside: reference, &report) }
      add(Measurement(name: name, rounds: orders, allocations: 0), beside: reference, &report)
    }
  }

  private func add(
    _ measured: Measurement, beside reference: Measurement, _ report: inout Report
  ) {
    let sorted = measured.rounds.sorted()
    let (late, latest) = (sorted[sorted.count * 99 / 100], sorted[sorted.count - 1])
    report.add(
      Figure(
        suite: "live", group: "latency", name: measured.name, unit: "µs",
        rounds: measured.rounds.count, minimum: measured.minimum, median: measured.median,
        ratio: measured.median / reference.median, extra: ["p99": late, "maximum": latest]),
      extra: [String(format: "%.0f", late), String(format: "%.0f", latest)])
  }

  /// Microseconds of each order, and of a bare write made durable right before it.
  ///
  /// Every trade begins a candle: it closes the one before, at which the strategy wants to buy. The
  /// order's event is committed, then the order signed and sent.
  private static func orders(
    _ count: Int, of subject: LiveSubject<EveryClose>, _ file: SyncedFile
  ) async throws -> (orders: [Double], syncs: [Double]) {
    let times = Mutex<(orders: [Double], syncs: [Double])>(([], []))
    _ = try await subject.run(from: start) { exchange in
      var line = FeedLine(
        product: "BTC-USD", number: 1, price: Price(steps: 4_500_000_000_000), time: start)
      try await exchange.tell(line)
      // The first ones make connections and warm caches.
      for round in -20..<count {
        try await exchange.quiet()
        let begun = ContinuousClock.now
        try file.write(round)
        let sync = microseconds(ContinuousClock.now - begun)
        line.number += 1
        line.time = line.time + TimeSpan(seconds: 60)
        let order = microseconds(try await exchange.order(after: line))
        guard round >= 0 else { continue }
        times.withLock { times in
          times.orders.append(order)
          times.syncs.append(sync)
        }
      }
      try await exchange.quiet()
    }
    return times.withLock { $0 }
  }

  // MARK: - Throughput

  private func throughput(in folder: URL, _ report: inout Report) throws {
    let count = 50_000
    report.heading(
      "live: trades of 50 pairs, one to a message, to engine and record, \(count) a round",
      unit: "µs", extra: ["trades/s", "MB begin", "MB end"])
    let products = (0..<50).map { "P\($0)-USD" }
    let strategy = try ConfluenceStrategy(
      Parameters(ConfluenceStrategy.parameters),
      exit: RatchetExit(Parameters(RatchetExit.parameters)))
    let subject = LiveSubject(products, strategy, .full, in: folder)
    let rounds = rounds
    let (times, memory) = try Self.waiting {
      try await Self.trades(count, rounds: rounds, of: subject)
    }
    let measured = Measurement(name: "trades in", rounds: times, allocations: 0)
    let rate = 1e6 / measured.median
    report.add(
      Figure(
        suite: "live", group: "throughput", name: measured.name, unit: "µs", rounds: rounds,
        minimum: measured.minimum, median: measured.median, ratio: 1,
        extra: [
          "tradesPerSecond": rate, "megabytesAtBegin": memory.begin, "megabytesAtEnd": memory.end,
        ]),
      extra: [rate, memory.begin, memory.end].map { String(format: "%.0f", $0) })
  }

  /// Microseconds a trade in each round, and the memory of the process after the first and the last.
  private static func trades(
    _ count: Int, rounds: Int, of subject: LiveSubject<ConfluenceStrategy>
  ) async throws -> (times: [Double], memory: (begin: Double, end: Double)) {
    let times = Mutex<[Double]>([])
    let memory = Mutex<[Double]>([])
    let counts = try await subject.run(from: start) { exchange in
      var random = SplitMix64(seed: 50)
      var number: UInt64 = 0
      var prices = subject.products.map { _ in Int64(4_500_000) }
      // The first round makes what the others have.
      for _ in 0...rounds {
        let begun = ContinuousClock.now
        for _ in 0..<count {
          let pair = Int(number % UInt64(prices.count))
          prices[pair] += Int64.random(in: -300...300, using: &random)
          try await exchange.tell(
            FeedLine(
              product: subject.products[pair], number: number / UInt64(prices.count) + 1,
              price: Price(steps: prices[pair] * 1_000_000),
              // Each pair is there from the candle's beginning, so that nobody asks for what it lacks.
              time: start + TimeSpan(nanoseconds: 1_000_000)
                * max(0, Int(number) - prices.count)))
          number += 1
        }
        try await exchange.quiet()
        let time = microseconds(ContinuousClock.now - begun) / Double(count)
        times.withLock { $0.append(time) }
        memory.withLock { $0.append(residentMegabytes()) }
      }
    }
    guard counts.trades == count * (rounds + 1), counts.connections == 1 else {
      throw UsageError("the session saw \(counts.trades) trades over \(counts.connections) feeds")
    }
    let sizes = memory.withLock { $0 }
    return (Array(times.withLock { $0 }.dropFirst()), (sizes[0], sizes[sizes.count - 1]))
  }

  // MARK: - Parts

  private static func residentMegabytes() -> Double {
    let words = (try? String(contentsOfFile: "/proc/self/statm", encoding: .ascii))?
      .split(separator: " ")
    guard let words, words.count > 1, let pages = Double(words[1]) else { return .nan }
    return pages * Double(sysconf(Int32(_SC_PAGESIZE))) / 1e6
  }

  private static func microseconds(_ time: Duration) -> Double {
    let (seconds, attoseconds) = time.components
    return Double(seconds) * 1e6 + Double(attoseconds) / 1e12
  }

  /// Runs asynchronous work to its end on other threads.
  private static func waiting<Value: Sendable>(
    _ work: @escaping @Sendable () async throws -> Value
  ) throws -> Value {
    let box = Box<Value>()
    let done = DispatchSemaphore(value: 0)
    Task.detached {
      do {
        let value = try await work()
        box.result.withLock { $0 = .success(value) }
      } catch {
        box.result.withLock { $0 = .failure(error) }
      }
      done.signal()
    }
    done.wait()
    guard let result = box.result.withLock({ $0 }) else {
      preconditionFailure("the work is done without a result")
    }
    return try result.get()
  }

  private final class Box<Value: Sendable>: Sendable {
    let result = Mutex<Result<Value, any Error>?>(nil)
  }
}

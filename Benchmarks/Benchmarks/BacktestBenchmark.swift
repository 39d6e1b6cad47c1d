import Foundation

/// The runner as a process: start, read a file, run, report, end.
struct BacktestBenchmark {
  private typealias Program = (name: String, command: [String])

  private let csv: String?
  private let rounds: Int
  private let runners: [(name: String, path: String)]

  init(_ arguments: Arguments) throws {
    csv = arguments.csv
    rounds = arguments.rounds ?? 15
    runners =
      [("runner", try Tool.path("runner"))]
      + arguments.runners.enumerated().map { ("runner no. \($0 + 2)", $1) }
  }

  /// Measures a start without work, then one year and five years of candles, or the file named.
  func run(_ report: inout Report) throws {
    try measure("--version", runners.map { ($0.name, [$0.path, "--version"]) }, &report)
    if let csv {
      try measureBacktest(of: csv, "the file", &report)
      return
    }
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "ratchet-benchmarks-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }  // Only a temporary file stays.
    for (name, count) in [("1 year", 105_120), ("5 years", 525_600)] {
      let path = folder.appending(path: "\(count).csv").path()
      _ = try Tool.run(
        runners[0].path, ["data", "synth", "--seed", "2018", "--count", "\(count)", "-o", path])
      try measureBacktest(of: path, name, &report)
    }
  }

  private func measureBacktest(of csv: String, _ name: String, _ report: inout Report) throws {
    try measure(
      "\(name) of candles",
      [("C: the same, simple fills", [try Tool.path("reference-backtest"), csv])]
        + runners.map { ($0.name, [$0.path, "backtest", "--csv", csv]) }, &report)
  }

  /// Runs the programs in turn; the first one is the reference of the others.
  private func measure(_ title: String, _ programs: [Program], _ report: inout Report) throws {
    report.heading(
      "backtest: \(title), \(rounds) rounds, whole processes", unit: "ms",
      extra: ["min CPU", "peak MB"])
    var times = programs.map { _ in [ProcessTime]() }
    for _ in 0..<rounds {
      for (index, program) in programs.enumerated() {
        times[index].append(try ProcessTime(of: program.command))
      }
    }
    let found = zip(programs, times).map {
      Measurement(name: $0.name, rounds: $1.map(\.wall), allocations: 0)
    }
    for (one, times) in zip(found, times) {
      let processor = times.map(\.processor).min() ?? .nan
      let peak = times.map(\.peak).max() ?? .nan
      report.add(
        Figure(
          suite: "backtest", group: title, name: one.name, unit: "ms", rounds: rounds,
          minimum: one.minimum, median: one.median, ratio: one.ratio(to: found[0]),
          extra: ["minimumProcessor": processor, "peakMegabytes": peak]),
        extra: [String(format: "%.2f", processor), String(format: "%.1f", peak)])
    }
  }
}

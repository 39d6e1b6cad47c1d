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
    for (name, count) in [("1 year", 105_120), ("5 years", 525_600)] {
      let file = try SyntheticFile(count: count)
      try measureBacktest(of: file.path, name, &report)
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
      extra: ["CPU min", "peak MB"])
    var times = programs.map { _ in [ProcessTime]() }
    for _ in 0..<rounds {
      for (index, program) in programs.enumerated() {
        times[index].append(try ProcessTime(of: program.command))
      }
    }
    let found = zip(programs, times).map {
      Measurement(name: $0.name, rounds: $1.map(\.wall), allocations: 0)
    }
    // The ratio is one of processor times: a process waits for its turn more than it works.
    let worked = zip(programs, times).map {
      Measurement(name: $0.name, rounds: $1.map(\.processor), allocations: 0)
    }
    for (index, one) in found.enumerated() {
      let peak = times[index].map(\.peak).max() ?? .nan
      report.add(
        Figure(
          suite: "backtest", group: title, name: one.name, unit: "ms", rounds: rounds,
          minimum: one.minimum, median: one.median, ratio: worked[index].ratio(to: worked[0]),
          extra: ["minimumProcessor": worked[index].minimum, "peakMegabytes": peak]),
        extra: [String(format: "%.2f", worked[index].minimum), String(format: "%.1f", peak)])
    }
  }
}

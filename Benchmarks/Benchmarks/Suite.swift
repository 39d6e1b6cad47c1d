import Foundation
import Market
import Simulator

/// A group of measurements that the command line can name.
enum Suite: String, CaseIterable {
  case indicators, engine, portfolio, csv, backtest, store, live

  var summary: String {
    switch self {
    case .indicators: "each indicator beside a plain loop in C"
    case .engine: "candles through indicators, strategy, engine and market"
    case .portfolio: "1 to 200 pairs on one account, a year each; needs 3 GB"
    case .csv: "files of candles into memory"
    case .backtest: "the whole program: start, read, run, report"
    case .live: "a session over TLS: from a trade to its order, and trades of 50 pairs"
    case .store: "commits beside plain SQLite, opening a store, a backtest that is kept"
    }
  }

  func run(_ arguments: Arguments, _ report: inout Report) throws {
    switch self {
    case .indicators:
      try IndicatorsBenchmark(candles: Self.candles(arguments), rounds: arguments.rounds ?? 21)
        .run(only: arguments.filter, &report)
    case .engine:
      try EngineBenchmark(candles: Self.candles(arguments), rounds: arguments.rounds ?? 21)
        .run(only: arguments.filter, &report)
    case .portfolio:
      try PortfolioBenchmark(rounds: arguments.rounds ?? 5, candlesOfOne: 105_120)
        .run(only: arguments.filter, &report)
    case .csv:
      try CSVBenchmark(rounds: arguments.rounds ?? 21).run(arguments.csv, &report)
    case .backtest:
      try BacktestBenchmark(arguments).run(&report)
    case .store:
      try StoreBenchmark(rounds: arguments.rounds ?? 5).run(&report)
    case .live:
      try LiveBenchmark(rounds: arguments.rounds ?? 5).run(&report)
    }
  }

  /// A year of 5-minute candles, the same in every run, unless a file is named.
  private static func candles(_ arguments: Arguments) throws -> [Candle] {
    if let csv = arguments.csv { return try CandleFile.read(path: csv).candles }
    return Array(SyntheticCandles(.init(seed: 2018, count: 105_120)))
  }
}

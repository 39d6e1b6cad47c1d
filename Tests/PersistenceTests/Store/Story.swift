import Execution
import Market
import Matching
import Persistence
import Simulator
import Strategy
import TestKit

/// A random run of a few pairs on one account: everything that happened, in order.
///
/// Made by the simulated market, so that it is what a run is; each event is of one pair.
struct Story {
  struct Chapter {
    var pair: Int
    var event: Event
    var outbox: Outbox
  }

  let beginning: TradingState<ConfluenceStrategy>
  let chapters: [Chapter]
  let pairs: [PairRow]
  let run: RunRow

  /// Journals of several pairs that write one list.
  private final class Shared { var chapters: [Chapter] = [] }

  private struct Scribe: Journal {
    let pair: Int
    let shared: Shared
    mutating func append(_ event: @autoclosure () -> Event, _ outbox: borrowing Outbox) {
      shared.chapters.append(Chapter(pair: pair, event: event(), outbox: copy outbox))
    }
  }

  init(seed: UInt64, pairs count: Int, candles: Int) throws {
    var random = SplitMix64(seed: seed)
    let shared = Shared()
    let limits = PortfolioLimits(maxPositions: 2, emergencyLiquidationLoss: -4)
    let portfolio = Portfolio(
      cash: 10_000, limits: limits, groups: Array(repeating: nil, count: count))
    var engines: [ExecutionEngine<ConfluenceStrategy>] = []
    var rows: [PairRow] = []
    for pair in 0..<count {
      var settings = EngineSettings.test
      settings.pair = UInt32(pair)
      settings.session = 42
      settings.product.id = "P\(pair)-USD"
      let strategy = try ConfluenceStrategy(
        Parameters(
          ConfluenceStrategy.parameters, ["rsi_oversold": "60", "window": "60", "cooldown": "0"]),
        exit: RatchetExit(Parameters(RatchetExit.parameters)))
      engines.append(ExecutionEngine(strategy: strategy, settings: settings))
      rows.append(
        PairRow(
          product: settings.product.id, group: nil,
          quoteIncrement: settings.product.quoteIncrement,
          baseIncrement: settings.product.baseIncrement, interval: settings.interval,
          positionSize: settings.positionSize))
    }
    beginning = TradingState(engines: engines, portfolio: portfolio)
    let model = MarketModel(
      slippage: rate("0.0001"), makerRate: rate("0.005"), takerRate: rate("0.009"))
    var backtest = Backtest(
      portfolio: portfolio,
      pairs: engines.enumerated().map { pair, engine in
        PairBacktest(engine: engine, model: model, journal: Scribe(pair: pair, shared: shared))
      })
    var tracks = (0..<count).map { _ in CandleTrack(randomCandles(candles, using: &random)) }
    try backtest.play(&tracks)
    chapters = shared.chapters
    self.pairs = rows
    run = RunRow(
      kind: .paper, session: 42, strategy: "confluence", manifest: "{}", keeping: .all,
      cash: 10_000)
  }

  /// The state after so many chapters.
  func state(after count: Int) -> TradingState<ConfluenceStrategy> {
    var state = beginning
    var outbox = Outbox()
    for chapter in chapters[..<count] {
      outbox.clear()
      state.handle(chapter.event, of: chapter.pair, into: &outbox)
    }
    return state
  }
}

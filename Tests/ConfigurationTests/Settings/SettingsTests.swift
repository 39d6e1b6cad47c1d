import Configuration
import Execution
import Market
import Strategy
import Testing

@Suite("Settings")
struct SettingsTests {
  @Test("Nothing said gives the defaults of SEMANTICS")
  func defaults() throws {
    let settings = try load([])
    #expect(settings.product == Product())
    #expect(settings.strategyName == "confluence")
    #expect(settings.strategy == Parameters(StrategyKeys.confluence.parameters))
    #expect(settings.exit == Parameters(RatchetExit.parameters))
    #expect(settings.positionSize == (try Rate("0.05")))
    #expect(settings.simulation.interval == TimeSpan(seconds: 300))
    #expect(settings.simulation.cash == 10_000)
    #expect(settings.simulation.path == "nearest")
    #expect(settings.simulation.slippage == (try Rate("0.0001")))
    #expect(settings.simulation.makerRate == (try Rate("0.005")))
    #expect(settings.simulation.takerRate == (try Rate("0.009")))
    #expect(settings.simulation.participation == (try Rate("0.1")))
    #expect(!settings.simulation.fillsOnTouch)
    #expect(!settings.simulation.skipsBadRows)
    #expect(settings.all.allSatisfy { $0.isDefault && $0.origin == .standard })
  }

  /// SEMANTICS 1.2, 4.1, 4.4, 5.1, 6 and 9, written out.
  static let page = [
    "product.quote_increment": "0.01", "product.base_increment": "0.00000001",
    "product.base_min_size": "0.00000001", "product.quote_min_size": "1",
    "strategy.name": "confluence", "strategy.rsi_period": "14", "strategy.rsi_oversold": "30",
    "strategy.macd_fast": "12", "strategy.macd_slow": "26", "strategy.macd_signal": "9",
    "strategy.window": "12", "strategy.vwap_discount": "0", "strategy.entry_offset": "0.0005",
    "strategy.entry_ttl": "3", "strategy.cooldown": "0", "strategy.post_only": "false",
    "exit.trail": "0.02", "exit.min_ratchet": "0.001", "exit.stop_limit_offset": "0.005",
    "exit.escalate_after": "60", "exit.escalate_offset": "0.01", "simulation.interval": "300",
    "simulation.cash": "10000", "simulation.path": "nearest", "simulation.fill_on_touch": "false",
    "simulation.slippage": "0.0001", "simulation.maker_rate": "0.005",
    "simulation.taker_rate": "0.009", "simulation.participation": "0.1",
    "simulation.on_bad_row": "refuse", "portfolio.position_size": "0.05",
  ]

  @Test("Each default is that of SEMANTICS", arguments: page)
  func eachDefault(key: String, text: String) throws {
    #expect(try load([])[key]?.text == text)
  }

  @Test("The keys come in the order of SEMANTICS 9")
  func order() throws {
    let keys = try load([]).ofRun.map(\.key)
    #expect(
      keys == [
        "product.id", "product.quote_increment", "product.base_increment", "product.base_min_size",
        "product.quote_min_size", "strategy.name", "strategy.rsi_period", "strategy.rsi_oversold",
        "strategy.macd_fast", "strategy.macd_slow", "strategy.macd_signal", "strategy.window",
        "strategy.vwap_discount", "strategy.entry_offset", "strategy.entry_ttl",
        "strategy.cooldown", "strategy.post_only", "exit.trail", "exit.min_ratchet",
        "exit.stop_limit_offset", "exit.escalate_after", "exit.escalate_offset",
        "simulation.interval", "simulation.cash", "simulation.path", "simulation.fill_on_touch",
        "simulation.slippage", "simulation.maker_rate", "simulation.taker_rate",
        "simulation.participation", "simulation.on_bad_row", "portfolio.position_size",
        "portfolio.total_capital", "portfolio.max_positions", "portfolio.max_position_size_pct",
        "portfolio.max_correlated_exposure_pct", "portfolio.emergency_liquidation_loss_pct",
        "portfolio.daily_loss_limit_pct", "portfolio.rebalance_threshold_pct",
        "portfolio.max_concurrent_orders",
      ])
  }

  @Test("How a run is logged is a setting, and no part of the run")
  func logging() throws {
    let settings = try load(sets: ["logging.level=info", "logging.file=a b.log"])
    #expect(
      settings.all.dropLast(22).suffix(5).map(\.key) == [
        "logging.level", "logging.format", "logging.file", "logging.max_size", "logging.max_files",
      ])
    #expect(settings.all.count == settings.ofRun.count + 5 + 22)
    #expect(settings.logging.level == "info")
    #expect(settings.logging.file == "a b.log")
    #expect(try load().logging.file == nil)
    #expect(throws: ConfigurationError.self) { try load(sets: ["logging.level=loud"]) }
    #expect(throws: ConfigurationError.self) { try load(sets: ["logging.max_files=0"]) }
  }

  static let layers: [(files: Int, sets: [String], flag: String?, value: String, origin: String)] =
    [
      (0, [], nil, "10000", "default"),
      (1, [], nil, "1", "1.yaml:2"),
      (2, [], nil, "2", "2.yaml:2"),
      (2, ["simulation.cash=7"], nil, "7", "--set"),
      (2, ["simulation.cash=7", "simulation.cash=8"], nil, "8", "--set"),
      (2, ["simulation.cash=7"], "9", "9", "--cash"),
      (0, ["simulation.cash=1e4"], nil, "10000", "--set"),
    ]

  @Test("The later layer wins and leaves its name", arguments: layers)
  func layering(
    _ row: (files: Int, sets: [String], flag: String?, value: String, origin: String)
  ) throws {
    let files = (0..<row.files).map { number in
      let text = "simulation:\n  cash: \(number + 1)\nexit:\n  trail: 0.0\(number + 3)\n"
      return ConfigurationFile(name: "\(number + 1).yaml", bytes: Array(text.utf8))
    }
    let flags = row.flag.map { [FlagSetting("--cash", sets: "simulation.cash", to: $0)] } ?? []
    let settings = try load(files, sets: row.sets, flags: flags)
    let cash = try #require(settings["simulation.cash"])
    #expect(cash.text == row.value)
    #expect(cash.origin.description == row.origin)
    #expect(cash.isDefault == (row.value == "10000"))
    #expect(settings.simulation.cash == (try Money(row.value)))
  }

  @Test("A value that loses is checked too")
  func losersAreChecked() {
    #expect(
      complaint("exit:\n  trail: x", sets: ["exit.trail=0.1"])
        == "a.yaml:2:10: exit.trail is 'x', expected a decimal above 0 and below 1")
  }

  @Test("The chosen strategy brings its keys, whichever layer chooses it")
  func strategyKeys() throws {
    let settings = try load("strategy:\n  lookback: 7\n", sets: ["strategy.name=breakout"])
    #expect(settings.strategyName == "breakout")
    #expect(settings.strategy.integer("lookback") == 7)
    #expect(settings.exit.integer("patience") == 5)
    #expect(settings.strategy.declared.map(\.name) == ["lookback"])
    #expect(settings["exit.trail"] == nil)
  }

  @Test("Without a strategy called confluence the first is the default")
  func otherDefault() throws {
    #expect(try Settings(strategies: [.breakout]).strategyName == "breakout")
    #expect(try Settings(strategies: [.breakout, .confluence]).strategyName == "confluence")
  }

  @Test(
    "Decimals stay exact, quoted or not",
    arguments: ["0.123456789012345678", "'0.123456789012345678'", "123456789012345678e-18"])
  func exactness(text: String) throws {
    #expect(
      try load("exit:\n  trail: \(text)").exit.rate("trail")
        == Rate(steps: 123_456_789_012_345_678))
  }

  @Test("off is a word like any other, and every limit's default")
  func limitsAreOff() throws {
    let settings = try load("portfolio:\n  max_positions: off\n  total_capital: 'off'\n")
    #expect(settings["portfolio.max_positions"]?.text == "off")
    #expect(settings.limits == .off)
  }

  @Test("Every limit comes from its key, as an exact percentage")
  func limits() throws {
    let settings = try load(
      """
      portfolio: {max_positions: 3, max_position_size_pct: 3.5, max_correlated_exposure_pct: 20,
        emergency_liquidation_loss_pct: -0.000000000000000001, daily_loss_limit_pct: 1e-18,
        rebalance_threshold_pct: 100, max_concurrent_orders: 7}
      """)
    #expect(
      settings.limits
        == PortfolioLimits(
          maxPositions: 3, maxPositionSize: try Money("3.5"), maxCorrelatedExposure: 20,
          emergencyLiquidationLoss: Money(steps: -1), dailyLossLimit: Money(steps: 1),
          maxConcurrentOrders: 7))
    #expect(settings["portfolio.rebalance_threshold_pct"]?.value == .limit(100))
    #expect(settings["portfolio.max_concurrent_orders"]?.value == .count(7))
    #expect(settings["portfolio.max_position_size_pct"]?.text == "3.5")
  }

  @Test("Every typed value comes from its key")
  func typedValues() throws {
    let settings = try load(
      """
      product: {id: ETH-EUR, quote_increment: 0.1, base_increment: 0.001, base_min_size: 0.02,
        quote_min_size: 3}
      simulation: {interval: 60, cash: 5.5, path: low-first, fill_on_touch: true, slippage: 0.1,
        maker_rate: 0.2, taker_rate: 0.3, participation: 0.4, on_bad_row: skip}
      portfolio: {position_size: 1}
      """)
    #expect(
      settings.product
        == Product(
          id: "ETH-EUR", quoteIncrement: try Price("0.1"), baseIncrement: try Quantity("0.001"),
          baseMinSize: try Quantity("0.02"), quoteMinSize: 3))
    #expect(settings.simulation.interval == TimeSpan(seconds: 60))
    #expect(settings.simulation.cash == (try Money("5.5")))
    #expect(settings.simulation.path == "low-first")
    #expect(settings.simulation.fillsOnTouch)
    #expect(settings.simulation.slippage == (try Rate("0.1")))
    #expect(settings.simulation.makerRate == (try Rate("0.2")))
    #expect(settings.simulation.takerRate == (try Rate("0.3")))
    #expect(settings.simulation.participation == (try Rate("0.4")))
    #expect(settings.simulation.skipsBadRows)
    #expect(settings.positionSize == .one)
  }
}

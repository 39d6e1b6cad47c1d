import Testing

/// Folders with candles of three pairs in `candles` and the result of a run of them in `run.json`.
enum PortfolioFolder {
  static let pairs = ["BTC-USD", "ETH-USD", "SOL-USD"]

  /// Limits that refuse by every rule, on pairs that differ in what was given to each.
  static let configuration = """
    strategy: {rsi_oversold: 44}
    portfolio:
      position_size: 0.3
      max_positions: 2
      max_position_size_pct: 25
      max_correlated_exposure_pct: 40
      emergency_liquidation_loss_pct: -6
      daily_loss_limit_pct: 1.5
    pairs:
      - {product_id: BTC-USD, correlation_group: majors}
      - {product_id: ETH-USD, correlation_group: majors, trail: 0.03}
      - {product_id: SOL-USD, rsi_oversold: 46, taker_rate: 0.01}

    """

  static func make(_ arguments: [String] = []) async throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try folder.write(configuration, to: "pairs.yaml")
    var calls = pairs.enumerated().map { index, pair in
      [
        "data", "synth", "--count", "3000", "--seed", "\(index + 1)", "-o", "candles/\(pair).csv",
        "--price", "\(40_000 / (1 + 19 * index))",
      ]
    }
    calls.append(
      ["backtest", "--csv", "candles", "-c", "pairs.yaml", "--json", "run.json"] + arguments)
    #expect(try await RunnerProcess.shell("mkdir candles", in: folder).code == 0)
    for call in calls { #expect(try await RunnerProcess.run(call, in: folder).code == 0) }
    return folder
  }
}

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

  /// That of a run with nothing else asked of it.
  ///
  /// In a debug build the candles and the run take longer than most of what tests ask of them.
  private static let plain = Task {
    let folder = try TemporaryFolder()
    try folder.write(configuration, to: "pairs.yaml")
    try #require(try await RunnerProcess.shell("mkdir candles", in: folder).code == 0)
    for (index, pair) in pairs.enumerated() {
      let call = [
        "data", "synth", "--count", "3000", "--seed", "\(index + 1)", "-o", "candles/\(pair).csv",
        "--price", "\(40_000 / (1 + 19 * index))",
      ]
      try #require(try await RunnerProcess.run(call, in: folder).code == 0)
    }
    try await run([], in: folder)
    return try FolderContents(of: folder)
  }

  private static func run(
    _ arguments: [String], in folder: borrowing TemporaryFolder
  ) async throws {
    let call = ["backtest", "--csv", "candles", "-c", "pairs.yaml", "--json", "run.json"]
    try #require(try await RunnerProcess.run(call + arguments, in: folder).code == 0)
  }

  static func make(_ arguments: [String] = []) async throws -> TemporaryFolder {
    let folder = try await plain.value.copied()
    if !arguments.isEmpty { try await run(arguments, in: folder) }
    return folder
  }
}

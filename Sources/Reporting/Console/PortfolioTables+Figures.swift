import Market

/// The tables with the figures of each pair, and of all.
extension PortfolioTables {
  /// What each pair won and what that cost; the last row is the account.
  static func profits(_ figures: PortfolioFigures) -> TextTable {
    func cells(_ name: String, _ profit: ProfitAndLoss, _ metrics: Metrics) -> [String] {
      [
        name, Display.fixed(profit.realised), Display.fixed(profit.unrealised),
        Display.fixed(metrics.fees), Display.fixed(metrics.turnover),
        Display.hundredths(metrics.totalReturn), Display.hundredths(metrics.maxDrawdown),
      ]
    }
    return TextTable(
      columns: [
        .init("Pair", isNumber: false), .init("Realised"), .init("Unrealised"), .init("Fees"),
        .init("Turnover"), .init("Return %"), .init("Max drawdown %"),
      ],
      rows: rows(figures) { cells($0, figures.profits[$1], figures.pairMetrics[$1]) }
        + [cells("TOTAL", figures.profit, figures.metrics)])
  }

  /// The ratios of each pair; the last row is the account.
  static func figures(_ figures: PortfolioFigures) -> TextTable {
    func cells(_ name: String, _ metrics: Metrics) -> [String] {
      [
        name, Display.fixed(metrics.sharpe), Display.fixed(metrics.sortino),
        Display.fixed(metrics.calmar), Display.fixed(metrics.profitFactor),
        Display.fixed(metrics.expectancy), Display.fixed(metrics.sqn),
        Display.hundredths(metrics.exposure),
      ]
    }
    return TextTable(
      columns: [
        .init("Pair", isNumber: false), .init("Sharpe"), .init("Sortino", isOptional: true),
        .init("Calmar", isOptional: true),
        .init("Profit factor"), .init("Expectancy"), .init("SQN"), .init("Exposure %"),
      ],
      rows: rows(figures) { cells($0, figures.pairMetrics[$1]) }
        + [cells("TOTAL", figures.metrics)])
  }

  /// What pairs and groups had at stake: at most and when, on average, at the end, and the limit.
  static func stakes(_ figures: PortfolioFigures) -> TextTable {
    func cells(_ name: String, _ stake: Stakes.Stake, _ limit: Double?) -> [String] {
      [
        name, Display.hundredths(stake.peak?.share),
        stake.peak.map { Display.minute($0.time) } ?? Display.none,
        Display.hundredths(stake.meanShare), Display.hundredths(stake.finalShare),
        Display.hundredths(limit),
      ]
    }
    // A pair that is its own group stands there once, as the pair it is.
    let groups = zip(figures.groups, figures.stakes.groups).filter {
      figures.result.groups[$0.0.pairs[0]] != nil
    }
    return TextTable(
      columns: [
        .init("Of", isNumber: false), .init("Peak"), .init("At (UTC)", isNumber: false),
        .init("Mean"), .init("End"), .init("Limit"),
      ],
      rows: groups.map { cells("group \($0.0.name)", $0.1, figures.groupLimit) }
        + rows(figures) { name, pair in
          let isOwnGroup = figures.result.groups[pair] == nil
          return cells(name, figures.stakes.pairs[pair], isOwnGroup ? figures.groupLimit : nil)
        })
  }

  private static func rows(
    _ figures: PortfolioFigures, _ cells: (String, Int) -> [String]
  ) -> [[String]] {
    figures.result.pairs.enumerated().map { cells($0.element.product.id, $0.offset) }
  }
}

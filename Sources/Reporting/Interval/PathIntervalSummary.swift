/// The two runs of a `PathInterval` on a terminal: each figure from its low end to its high end.
///
/// Plain text of at most 80 columns, in the words of `ConsoleSummary`.
public struct PathIntervalSummary: Sendable, CustomStringConvertible {
  /// How a figure is shown.
  private enum Form {
    case percent, decimal, count, duration

    func text(_ value: Metrics.Value) -> String {
      switch self {
      case .percent: Display.percent(value.number)
      case .decimal: Display.fixed(value.number)
      case .count: value.number.map { Display.count(Int($0)) } ?? Display.none
      case .duration: Display.duration(seconds: value.number)
      }
    }
  }

  /// Every metric by its name in result files, in the order in which they are shown.
  private static let rows: [(name: String, label: String, form: Form)] = [
    ("total_return", "Return", .percent), ("cagr", "CAGR", .percent),
    ("max_drawdown", "Max drawdown", .percent), ("sharpe", "Sharpe", .decimal),
    ("sortino", "Sortino", .decimal), ("calmar", "Calmar", .decimal),
    ("turnover", "Turnover", .decimal), ("exposure", "Exposure", .percent),
    ("fees", "Fees", .decimal), ("trades", "Trades", .count), ("wins", "Wins", .count),
    ("losses", "Losses", .count), ("win_rate", "Win rate", .percent),
    ("profit_factor", "Profit factor", .decimal), ("expectancy", "Expectancy", .decimal),
    ("average_win", "Average win", .decimal), ("average_loss", "Average loss", .decimal),
    ("best", "Best", .decimal), ("worst", "Worst", .decimal),
    ("mean_holding_seconds", "Mean holding", .duration),
    ("max_consecutive_losses", "Losses in a row", .count), ("sqn", "SQN", .decimal),
    ("days", "Days", .count),
  ]

  /// The names of the metrics that are shown.
  static var names: [String] { rows.map(\.name) }

  /// The text, ended by a line feed.
  public let description: String

  /// Writes the summary of two runs.
  public init(_ interval: PathInterval) {
    let unit = interval.highFirst.product.quoteName
    var table = TextTable(
      columns: [
        .init("", isNumber: false), .init("Low end"), .init("High end"),
        .init("Low end with", isNumber: false),
      ], rows: [])
    func add<Value>(
      _ label: String, _ figure: PathInterval.Figure<Value>, _ text: (Value) -> String
    ) {
      let range = figure.range
      table.rows.append([
        label, range.map { text($0.lowerBound) } ?? Display.none,
        range.map { text($0.upperBound) } ?? Display.none, Self.words(figure),
      ])
    }
    add("End, \(unit)", interval.finalEquity) { Display.fixed($0) }
    let metrics = interval.metrics
    for row in Self.rows {
      for metric in metrics where metric.name == row.name {
        add(row.label, metric.figure, row.form.text)
      }
    }
    var summary = ConsoleSummary()
    summary.header(interval.highFirst)
    summary.sheet.table("Two runs: high before low in each candle, and low before high", table)
    summary.sheet.line("")
    summary.sheet.paragraph(Self.caution)
    summary.warnings(interval.highFirst)
    description = summary.description
  }

  private static let caution = """
    Candles do not say whether their high or their low came first. How far the two ends are apart \
    is how much of the result hangs on it. They are no bounds: a market that takes now the one \
    order and now the other may end outside.
    """

  private static func words<Value>(_ figure: PathInterval.Figure<Value>) -> String {
    switch figure.lesser {
    case .highFirst: "high-first"
    case .lowFirst: "low-first"
    case nil: figure.range == nil ? Display.none : "both the same"
    }
  }
}

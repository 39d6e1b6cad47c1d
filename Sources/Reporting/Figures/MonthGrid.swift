import Market

/// The returns of a run's months, year by year: the rows and columns of a table.
public struct MonthGrid: Hashable, Sendable {
  /// One calendar year.
  public struct Year: Hashable, Sendable {
    /// Such as 2026.
    public var year: Int64
    /// January to December; `nil` where a month has no candles.
    public var months: [Breakdown.Row?]

    /// Equity at the year's last candle / equity before its first − 1, as a fraction; `nil` where
    /// there was nothing before.
    public var totalReturn: Double? {
      let rows = months.compactMap { $0 }
      guard let first = rows.first, let last = rows.last, first.startEquity != .zero else {
        return nil
      }
      return last.endEquity.double / first.startEquity.double - 1
    }
  }

  /// Years with candles, oldest first.
  public private(set) var years: [Year] = []

  /// The grid of a run.
  public init(_ result: RunResult) { self.init(Breakdown(result, by: .month)) }

  /// The grid of a breakdown by month.
  public init(_ breakdown: Breakdown) {
    precondition(breakdown.period == .month, "a grid of months of a breakdown by another period")
    for row in breakdown.rows {
      let date = CivilDate(day: row.start.day)
      if years.last?.year != date.year {
        years.append(Year(year: date.year, months: Array(repeating: nil, count: 12)))
      }
      years[years.count - 1].months[Int(date.month) - 1] = row
    }
  }
}

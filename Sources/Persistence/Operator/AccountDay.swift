import Execution
package import Market

/// The account's latest day, for the daily limit; SEMANTICS 8.6.
package struct AccountDay: Hashable, Sendable {
  /// When the day began.
  package var begin: Timestamp
  /// The day's first equity: that after its first closes.
  package var first: Money
  /// The least since.
  package var least: Money
  /// The latest.
  package var latest: Money
  /// Whether the day's loss has refused an entry.
  ///
  /// Then it is lost, whatever the curve says: the engine looks at equity after each pair's close, and
  /// of several closes at one time the curve has the last alone.
  package var hasRefusal = false
}

extension Store {
  /// The day of the last point of the curve; `nil` where the store has none, as of a backtest that did
  /// not end.
  ///
  /// - Throws: `SQLiteError` where a row is none that a run leaves.
  package func day() throws -> AccountDay? {
    guard let interval = pairs.first?.interval.nanoseconds else { return nil }
    var figures = FigureGuard(path: connection.path)
    let last = try connection.prepare("SELECT max(time) FROM equity").first {
      try $0.value(at: 0, as: Timestamp?.self)
    }
    guard let last = last ?? nil else { return nil }
    try figures.pass(last, of: "the curve")
    guard interval > 0, interval <= 1 << 61 else {
      throw figures.error("candles of \(interval) ns are no candles")
    }
    // The day is that of the candle's start.
    let begin = Timestamp(nanoseconds: last.nanoseconds - interval).day * 86_400_000_000_000
    var day: AccountDay?
    try connection.prepare(
      "SELECT equity FROM equity WHERE time >= ? + ? ORDER BY time"
    ).forEachRow(begin, interval) { row in
      let equity: Money = try row.value(at: 0)
      try figures.pass(equity, of: "the curve")
      var changed =
        day
        ?? AccountDay(
          begin: Timestamp(nanoseconds: begin), first: equity, least: equity, latest: equity)
      changed.least = min(changed.least, equity)
      changed.latest = equity
      day = changed
    }
    day?.hasRefusal =
      try connection.prepare(
        "SELECT 1 FROM signals WHERE rule = ? AND time >= ? + ? LIMIT 1"
      ).first(PortfolioRule.dailyLossLimit.rawValue, begin, interval) { _ in true } ?? false
    return day
  }
}

public import Market

/// A stretch of the calendar by which a run is broken down; UTC.
public enum CalendarPeriod: String, CaseIterable, Hashable, Sendable {
  /// From midnight to midnight.
  case day
  /// From Monday to Sunday, as ISO 8601 has it.
  case week
  /// From the first of the month to its last day.
  case month

  /// The first moment of the period in which a moment lies.
  public func start(of time: Timestamp) -> Timestamp {
    let day = time.day
    let first =
      switch self {
      case .day: day
      case .week: day - weekday(of: day)
      case .month: day - CivilDate(day: day).dayOfMonth + 1
      }
    return Timestamp(nanoseconds: first * 86_400_000_000_000)
  }

  /// Days since Monday, 0 to 6; 1970-01-01 was a Thursday.
  private func weekday(of day: Int64) -> Int64 {
    let rest = (day + 3) % 7
    return rest < 0 ? rest + 7 : rest
  }
}

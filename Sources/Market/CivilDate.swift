/// A date of the proleptic Gregorian calendar, in UTC.
///
/// Foundation knows calendars too, but the core does without it. Source: H. Hinnant,
/// *chrono-Compatible Low-Level Date Algorithms*, `days_from_civil` and `civil_from_days`.
public struct CivilDate: Hashable, Sendable, CustomStringConvertible {
  /// The year, such as 2026.
  public let year: Int64
  /// The month, 1 to 12.
  public let month: Int64
  /// The day of the month, 1 to 31.
  public let dayOfMonth: Int64

  /// The date of a day counted from 1970-01-01.
  public init(day: Int64) {
    let shifted = day + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    dayOfMonth = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
    month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  }

  /// A date, or `nil` if the calendar has no such day.
  public init?(year: Int64, month: Int64, dayOfMonth: Int64) {
    guard (1...12).contains(month), (1...31).contains(dayOfMonth), (-9999...9999).contains(year)
    else { return nil }
    self.year = year
    self.month = month
    self.dayOfMonth = dayOfMonth
    // The calendar has the day exactly if it survives the way to a day number and back.
    guard CivilDate(day: day) == self else { return nil }
  }

  /// Days since 1970-01-01.
  public var day: Int64 {
    let year = month <= 2 ? year - 1 : year
    let era = (year >= 0 ? year : year - 399) / 400
    let yearOfEra = year - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + dayOfMonth - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  /// `2026-11-22`.
  public var description: String {
    "\(year)-\(month < 10 ? "0" : "")\(month)-\(dayOfMonth < 10 ? "0" : "")\(dayOfMonth)"
  }
}

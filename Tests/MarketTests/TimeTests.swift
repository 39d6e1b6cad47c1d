import Market
import Simulator
import TestKit
import Testing

@Suite struct TimeTests {
  static let times: [(Int64, String)] = [
    (0, "1970-01-01T00:00:00Z"), (951_782_400, "2000-02-29T00:00:00Z"),
    (1_704_067_199, "2023-12-31T23:59:59Z"), (-1, "1969-12-31T23:59:59Z"),
    (4_102_444_800, "2100-01-01T00:00:00Z"), (1_759_708_800, "2025-10-06T00:00:00Z"),
  ]

  @Test("Times print as ISO 8601 in UTC", arguments: times)
  func prints(seconds: Int64, text: String) {
    let time = Timestamp(seconds: seconds)
    #expect(time.description == text)
    #expect(time.seconds == seconds)
  }

  @Test func `fractions print as far as they go`() {
    #expect(Timestamp(nanoseconds: 1_500_000_000).description == "1970-01-01T00:00:01.5Z")
    #expect(Timestamp(nanoseconds: 1).description == "1970-01-01T00:00:00.000000001Z")
    #expect(Timestamp(nanoseconds: -1).seconds == -1)
    #expect(Timestamp(nanoseconds: -1).day == -1)
  }

  @Test func `the first and the last time there are can be printed`() {
    #expect(Timestamp(nanoseconds: .min).description == "1677-09-21T00:12:43.145224192Z")
    #expect(Timestamp(nanoseconds: .max).description == "2262-04-11T23:47:16.854775807Z")
    #expect(Timestamp(nanoseconds: .min).day == -106_752)
    #expect(Timestamp(nanoseconds: .min).seconds == -9_223_372_037)
    #expect(Timestamp(nanoseconds: -86_400_000_000_000).day == -1)
    #expect(Timestamp(nanoseconds: -86_400_000_000_001).day == -2)
  }

  @Test func `every day of 800 years survives the way to a date and back`() {
    for day in Int64(-150_000)...150_000 {
      let date = CivilDate(day: day)
      #expect(date.day == day)
      guard CivilDate(year: date.year, month: date.month, dayOfMonth: date.dayOfMonth) == date
      else {
        Issue.record("\(date)")
        return
      }
    }
  }

  @Test func `a time too far off to count is the last there is`() {
    let day = TimeSpan(seconds: 86_400)
    #expect(Timestamp(seconds: 0).advanced(by: day, times: 3) == Timestamp(seconds: 259_200))
    let last = Timestamp(nanoseconds: .max)
    #expect(Timestamp(seconds: 4_000_000_000).advanced(by: day, times: 1_000_000) == last)
    #expect(
      Timestamp(nanoseconds: .max - 1).advanced(by: TimeSpan(nanoseconds: 2), times: 1) == last)
  }

  @Test func `days that the calendar does not have are refused`() {
    #expect(CivilDate(year: 2023, month: 2, dayOfMonth: 29) == nil)
    #expect(CivilDate(year: 2024, month: 2, dayOfMonth: 29) != nil)
    #expect(CivilDate(year: 1900, month: 2, dayOfMonth: 29) == nil)
    #expect(CivilDate(year: 2023, month: 13, dayOfMonth: 1) == nil)
    #expect(CivilDate(year: 2023, month: 4, dayOfMonth: 31) == nil)
  }
}

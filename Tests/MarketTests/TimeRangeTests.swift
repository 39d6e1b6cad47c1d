import Market
import Testing

@Suite("Time range")
struct TimeRangeTests {
  /// A text, the seconds of its start and end, and how the range describes itself.
  private static let read: [(String, Int64?, Int64?, String)] = [
    ("20240101-20240601", 1_704_067_200, 1_717_200_000, "20240101-20240601"),
    ("20240101-", 1_704_067_200, nil, "20240101-"),
    ("-20240601", nil, 1_717_200_000, "-20240601"),
    ("20240229-20240301", 1_709_164_800, 1_709_251_200, "20240229-20240301"),
    (
      "20240101T0930-20240101T093001", 1_704_101_400, 1_704_101_401,
      "20240101T0930-20240101T093001"
    ),
    ("1704067200-1704101400", 1_704_067_200, 1_704_101_400, "20240101-20240101T0930"),
    ("19691231-0000000001", -86_400, 1, "19691231-19700101T000001"),
    ("16780101-22611231T235959", -9_214_560_000, 9_214_646_399, "16780101-22611231T235959"),
    ("-9223372036", nil, 9_223_372_036, "-22620411T234716"),
  ]

  @Test("It reads moments in three forms, and what it writes it reads again", arguments: read)
  func reads(_ text: String, start: Int64?, end: Int64?, written: String) throws {
    let range = try TimeRange(text)
    #expect(range.start?.seconds == start)
    #expect(range.end?.seconds == end)
    #expect(range.description == written)
    // Only days within whole years of `Timestamp` are written by name.
    if end != 9_223_372_036 { #expect(try TimeRange(range.description) == range) }
  }

  @Test func `the start is in it, the end is not, an open side has no end`() throws {
    let range = try TimeRange("20240101-20240102")
    let start = Timestamp(seconds: 1_704_067_200)
    let end = Timestamp(seconds: 1_704_153_600)
    let least = TimeSpan(nanoseconds: 1)
    #expect(range.contains(start))
    #expect(!range.contains(start + least * -1))
    #expect(range.contains(end + least * -1))
    #expect(!range.contains(end))
    #expect(try TimeRange("20240101-").contains(Timestamp(nanoseconds: .max)))
    #expect(try !TimeRange("20240101-").contains(start + least * -1))
    #expect(try TimeRange("-20240102").contains(Timestamp(nanoseconds: .min)))
    #expect(try !TimeRange("-20240102").contains(end))
  }

  @Test(
    "A moment by itself may have what separates its digits",
    arguments: [
      "20240108T0925", "2024-01-08 09:25", "2024-01-08T09:25:00Z", "20240108T092500", "1704705900",
    ])
  func moments(_ text: String) throws {
    #expect(try TimeRange.moment(of: text) == Timestamp(seconds: 1_704_705_900))
  }

  @Test("What is no moment is said as it was written", arguments: ["", "2024-13-01", "noon", "Z"])
  func noMoments(_ text: String) {
    #expect(throws: TimeRangeError.moment(text)) { try TimeRange.moment(of: text) }
  }

  private static let refused: [(String, TimeRangeError)] = [
    ("", .form("")), ("-", .form("-")), ("20240101", .form("20240101")),
    ("2024-01-01", .form("2024-01-01")), ("20240101--20240201", .form("20240101--20240201")),
    ("20240230-", .moment("20240230")), ("20241301-", .moment("20241301")),
    ("2024-", .moment("2024")), ("-202406", .moment("202406")),
    ("20240101T2400-", .moment("20240101T2400")), ("20240101T1260-", .moment("20240101T1260")),
    ("20240101T123060-", .moment("20240101T123060")), ("20240101T9-", .moment("20240101T9")),
    ("20240101T-", .moment("20240101T")), ("1704067200T0000-", .moment("1704067200T0000")),
    ("9223372037-", .moment("9223372037")), ("16771231-", .moment("16771231")),
    ("22620101-", .moment("22620101")), ("+2024010-", .moment("+2024010")),
    ("２０２４０１０１-", .moment("２０２４０１０１")), (" 20240101-", .moment(" 20240101")),
    ("170406720000-", .moment("170406720000")),
    ("20240101-20240101", .empty("20240101-20240101")),
    ("20240102-20240101", .empty("20240102-20240101")),
  ]

  @Test("What is none is refused, by the part that is wrong", arguments: refused)
  func refuses(_ text: String, _ error: TimeRangeError) {
    #expect(throws: error) { try TimeRange(text) }
  }

  @Test func `a message says what to write`() {
    #expect(
      TimeRangeError.form("2024").description
        == "'2024' is no time range: write FROM-TO, such as 20240101-20240601, 20240101- or -20240601"
    )
    #expect(
      TimeRangeError.moment("2024").description
        == "'2024' is no moment: write a day as 20240101, a time as 20240101T0930, or ten digits "
        + "of seconds since 1970, all UTC")
    #expect(
      TimeRangeError.empty("20240101-20240101").description
        == "'20240101-20240101' is empty: it must begin before it ends")
  }
}

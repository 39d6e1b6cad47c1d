import Market
import Simulator
import Testing

@Suite("CSV: times")
struct CandleTimeParserTests {
  static let minute = TimeSpan(seconds: 60)
  static let day = TimeSpan(seconds: 86_400)

  static func parse(
    _ text: String, interval: TimeSpan = minute, unit: TimeUnit? = nil
  ) throws(CandleRowDefect) -> (time: Timestamp, format: CandleTimeFormat) {
    try CandleTimeParser(interval: interval, unit: unit).parse(text.utf8.span)
  }

  // 1704067200 is 2024-01-01T00:00:00Z.
  static let valid: [(String, Int64, CandleTimeFormat)] = [
    ("1704067200", 1_704_067_200_000_000_000, .count(.seconds)),
    ("1704067200000", 1_704_067_200_000_000_000, .count(.milliseconds)),
    ("1704067200000000", 1_704_067_200_000_000_000, .count(.microseconds)),
    ("1704067200000000001", 1_704_067_200_000_000_001, .count(.nanoseconds)),
    ("1704067200.0", 1_704_067_200_000_000_000, .count(.seconds)),
    ("1704067200.000000000000", 1_704_067_200_000_000_000, .count(.seconds)),
    ("1704067200.", 1_704_067_200_000_000_000, .count(.seconds)),
    ("+1704067200", 1_704_067_200_000_000_000, .count(.seconds)),
    ("1.7040672e9", 1_704_067_200_000_000_000, .count(.seconds)),
    ("1.7040672E+12", 1_704_067_200_000_000_000, .count(.milliseconds)),
    ("100000000", 100_000_000_000_000_000, .count(.seconds)),
    ("4102444799", 4_102_444_799_000_000_000, .count(.seconds)),
    ("100000000000", 100_000_000_000_000_000, .count(.milliseconds)),
    ("100000000000000000", 100_000_000_000_000_000, .count(.nanoseconds)),
    ("2024-01-01T00:00:00Z", 1_704_067_200_000_000_000, .iso8601),
    ("2024-01-01t00:00:00z", 1_704_067_200_000_000_000, .iso8601),
    ("2024-01-01 00:00:00", 1_704_067_200_000_000_000, .iso8601),
    ("2024-01-01 00:05", 1_704_067_500_000_000_000, .iso8601),
    ("2024-01-01T00:05Z", 1_704_067_500_000_000_000, .iso8601),
    ("2024-01-01T00:00:00.5Z", 1_704_067_200_500_000_000, .iso8601),
    ("2024-01-01T00:00:00.000000001", 1_704_067_200_000_000_001, .iso8601),
    ("2024-01-01T02:00:00+02:00", 1_704_067_200_000_000_000, .iso8601),
    ("2024-01-01T02:00:00.000+0200", 1_704_067_200_000_000_000, .iso8601),
    ("2023-12-31 18:30-0530", 1_704_067_200_000_000_000, .iso8601),
    ("2024-01-01 00:00:00+00", 1_704_067_200_000_000_000, .iso8601),
    ("2024-02-29T00:00:00Z", 1_709_164_800_000_000_000, .iso8601),
    ("1970-01-01T00:00:00Z", 0, .iso8601),
    ("1900-01-01T00:00:00Z", -2_208_988_800_000_000_000, .iso8601),
    ("2099-12-31T23:59:59.999999999Z", 4_102_444_799_999_999_999, .iso8601),
  ]

  @Test("A time is read", arguments: valid)
  func reads(text: String, nanoseconds: Int64, format: CandleTimeFormat) throws {
    let result = try Self.parse(text)
    #expect(result.time.nanoseconds == nanoseconds)
    #expect(result.format == format)
  }

  static let invalid: [(String, CandleRowDefect)] = [
    ("", .empty(.time)),
    ("nan", .notATime("nan")),
    ("12a", .notATime("12a")),
    ("-", .notATime("-")),
    ("01/02/2024", .notATime("01/02/2024")),
    ("2024-13-01T00:00:00Z", .notATime("2024-13-01T00:00:00Z")),
    ("2023-02-29T00:00:00Z", .notATime("2023-02-29T00:00:00Z")),
    ("2024-01-01T24:00:00Z", .notATime("2024-01-01T24:00:00Z")),
    ("2024-01-01T00:60:00Z", .notATime("2024-01-01T00:60:00Z")),
    ("2024-01-01T00:00:60Z", .notATime("2024-01-01T00:00:60Z")),
    ("2024-01-01T00:00:00.Z", .notATime("2024-01-01T00:00:00.Z")),
    ("2024-01-01T00:00:00.0000000001", .notATime("2024-01-01T00:00:00.0000000001")),
    ("2024-01-01T00:00:00Zx", .notATime("2024-01-01T00:00:00Zx")),
    ("2024-01-01T00:00:00+2", .notATime("2024-01-01T00:00:00+2")),
    ("2024-01-01T00:00:00+02:0", .notATime("2024-01-01T00:00:00+02:0")),
    ("2024-01-01T00:00:00+02:00:00", .notATime("2024-01-01T00:00:00+02:00:00")),
    ("2024-01-01T00", .notATime("2024-01-01T00")),
    ("2024-01-01T", .notATime("2024-01-01T")),
    ("2024-01-01x00:00", .notATime("2024-01-01x00:00")),
    ("2024-01-01", .dateAlone("2024-01-01")),
    ("1899-12-31T23:59:59Z", .timeOutOfRange("1899-12-31T23:59:59Z")),
    ("1900-01-01T00:00:00+01:00", .timeOutOfRange("1900-01-01T00:00:00+01:00")),
    ("2100-01-01T00:00:00Z", .timeOutOfRange("2100-01-01T00:00:00Z")),
    ("1704067200.5", .fractionalTime("1704067200.5")),
    ("1704067200.0000000001", .fractionalTime("1704067200.0000000001")),
    ("1e30", .timeOutOfRange("1e30")),
    ("1e999999999999999999999", .timeOutOfRange("1e999999999999999999999")),
    ("99999999999999999999", .timeOutOfRange("99999999999999999999")),
    ("0", .unclearTimeUnit(0)),
    ("-300", .unclearTimeUnit(-300)),
    ("45292", .unclearTimeUnit(45_292)),
    ("99999999", .unclearTimeUnit(99_999_999)),
    ("4102444800", .unclearTimeUnit(4_102_444_800)),
    ("99999999999", .unclearTimeUnit(99_999_999_999)),
    ("99999999999999", .unclearTimeUnit(99_999_999_999_999)),
    ("9223372036854775807", .unclearTimeUnit(.max)),
  ]

  @Test("A text that is no time, or might be several, is refused", arguments: invalid)
  func refuses(text: String, defect: CandleRowDefect) {
    #expect(throws: defect) { try Self.parse(text) }
  }

  @Test("A date alone is midnight at intervals of whole days")
  func dateAlone() throws {
    #expect(try Self.parse("2024-01-01", interval: Self.day).time.seconds == 1_704_067_200)
    #expect(throws: CandleRowDefect.dateAlone("2024-01-01")) {
      try Self.parse("2024-01-01", interval: TimeSpan(seconds: 43_200))
    }
  }

  @Test("A given unit settles what the size does not")
  func givenUnit() throws {
    #expect(try Self.parse("0", unit: .seconds).time.seconds == 0)
    #expect(try Self.parse("-300", unit: .seconds).time.seconds == -300)
    #expect(try Self.parse("99999999999", unit: .milliseconds).time.seconds == 99_999_999)
    #expect(throws: CandleRowDefect.timeOutOfRange("1704067200000")) {
      try Self.parse("1704067200000", unit: .seconds)
    }
    #expect(throws: CandleRowDefect.mixedTimes("2024-01-01 00:00", expected: .count(.seconds))) {
      try Self.parse("2024-01-01 00:00", unit: .seconds)
    }
  }

  static let mixed: [(String, String, CandleTimeFormat)] = [
    ("1704067200", "1704067500000", .count(.seconds)),
    ("1704067200", "5", .count(.seconds)),
    ("1704067200", "-1704067200", .count(.seconds)),
    ("1704067200", "2024-01-01T00:05:00Z", .count(.seconds)),
    ("1704067200000", "1704067500", .count(.milliseconds)),
    ("1704067200000000", "1704067500000000000", .count(.microseconds)),
    ("2024-01-01T00:00:00Z", "1704067500", .iso8601),
  ]

  @Test("All times of a file have the format of the first", arguments: mixed)
  func mixedTimes(first: String, second: String, format: CandleTimeFormat) throws {
    var parser = CandleTimeParser(interval: Self.minute)
    parser.settle(try parser.parse(first.utf8.span).format)
    #expect(throws: CandleRowDefect.mixedTimes(second, expected: format)) {
      try parser.parse(second.utf8.span)
    }
    #expect(CandleRowDefect.mixedTimes(second, expected: format).description.contains("mixed time"))
  }
}

import Foundation
import Market
import Simulator
import TestKit
import Testing

@Suite("Times of the exchange")
struct RFC3339Tests {
  static let good: [(String, Int64)] = [
    ("1970-01-01T00:00:00Z", 0), ("2026-11-22T10:00:00.123456789Z", 1_795_341_600_123_456_789),
    ("2026-11-22T10:00:00.5Z", 1_795_341_600_500_000_000),
    ("2026-11-22T10:00:00.1234567891Z", 1_795_341_600_123_456_789),
    ("2026-11-22 10:00:00.123+00", 1_795_341_600_123_000_000),
    ("2026-11-22T11:30:00+01:30", 1_795_341_600_000_000_000),
    ("2026-11-22T09:00:00-01:00", 1_795_341_600_000_000_000),
    ("1969-12-31T23:59:59.9Z", -100_000_000), ("2024-02-29T00:00:00Z", 1_709_164_800_000_000_000),
  ]

  @Test(arguments: good)
  func `what the exchange writes is read to the nanosecond`(text: String, nanoseconds: Int64) {
    #expect(Timestamp(rfc3339: text)?.nanoseconds == nanoseconds)
  }

  @Test(arguments: [
    "", "2026", "2026-11-22", "2026-11-22T10:00:00", "2026-11-22T10:00:00.Z",
    "2026-11-22T24:00:00Z",
    "2026-11-22T10:60:00Z", "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "0001-01-01T00:00:00Z",
    "9999-01-01T00:00:00Z", "2026-11-22T10:00:00Z ", "2026-11-22T10:00:00+1",
    "+026-11-22T10:00:00Z",
    "2026-11-22 10:00:00.1 +0000 UTC m=+9.5",
  ])
  func `what is no such time is refused`(text: String) {
    #expect(Timestamp(rfc3339: text) == nil)
  }

  @Test("What we write is read back", arguments: Seeds.ofThisRun)
  func roundTrip(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    for _ in 0..<200 {
      let time = Timestamp(
        nanoseconds: Int64.random(
          in: -9_000_000_000_000_000_000...9_000_000_000_000_000_000, using: &random))
      #expect(Timestamp(rfc3339: "\(time)") == time, "SEED=\(seed)")
    }
  }
}

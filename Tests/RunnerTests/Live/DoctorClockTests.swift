import LiveBroker
import Market
import Testing

@testable import Runner

@Suite("What runner doctor finds of the clock")
struct DoctorClockTests {
  /// Milliseconds until the answer, how far ahead of ours its time was then, and what is found.
  static let answers: [(took: Int64, ahead: Int64, verdict: Finding.Verdict, text: String)] = [
    (20, 10, .ok, "0.00 s ahead of the clock of there"),
    (20, 1_000, .ok, "0.99 s behind the clock of there"),
    (20, 1_020, .warning, "1.01 s behind the clock of there; a session signs with"),
    (20, -1_000, .warning, "1.01 s ahead of the clock of there; a session signs with"),
    (
      5_000, 5_000, .ok,
      "2.50 s behind the clock of there, give or take 2.50 s: it is slow to answer"
    ),
    (
      5_000, 0, .ok, "2.50 s ahead of the clock of there, give or take 2.50 s: it is slow to answer"
    ),
    (5_000, 5_999, .ok, "3.50 s behind"),
    (5_000, 6_000, .warning, "3.50 s behind the clock of there, give or take 2.50 s: it is slow"),
    (5_000, 35_000, .warning, "32.50 s behind"),
    (5_000, 35_001, .problem, "32.50 s behind"),
    (5_000, -30_001, .problem, "32.50 s ahead of"),
    (30_000, 30_000, .ok, "15.00 s behind the clock of there, give or take 15.00 s"),
    (30_002, 30_002, .unknown, "15.00 s behind the clock of there, give or take 15.00 s"),
    (90_000, 45_000, .unknown, "0.00 s ahead of the clock of there, give or take 45.00 s"),
  ]

  @Test("The clock is accused of no more than an answer proves", arguments: answers)
  func skew(_ answer: (took: Int64, ahead: Int64, verdict: Finding.Verdict, text: String)) {
    func later(_ milliseconds: Int64) -> Timestamp {
      Timestamp(seconds: 1_700_000_000) + TimeSpan(nanoseconds: milliseconds * 1_000_000)
    }
    let skew = ClockSkew(
      asked: later(0), answered: later(answer.took), time: later(answer.ahead))
    let found = Finding(skew, limit: TimeSpan(seconds: 30), place: "there")
    #expect(found.name == "clock" && found.verdict == answer.verdict, "\(found)")
    #expect(found.text.hasPrefix(answer.text), "\(found.text)")
    #expect(found.text.contains("beyond live.max_clock_skew") == (answer.verdict == .problem))
    let advice: String? =
      switch answer.verdict {
      case .ok: nil
      case .warning, .problem: "Set the clock, by NTP for example: timedatectl set-ntp true"
      case .unknown: "Ask again when the connection is quicker"
      }
    #expect(found.advice == advice)
  }
}

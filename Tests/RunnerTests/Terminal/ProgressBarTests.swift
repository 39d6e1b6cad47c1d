import Testing

@testable import Runner

@Suite("Progress bar")
struct ProgressBarTests {
  private static let lines: [(Int, Int, Double, String)] = [
    (0, 100, 0, "playing   0% [                    ]"),
    (0, 0, 1, "playing   0% [                    ]"),
    (1, 200, 1, "playing   0% [                    ] 1 candles/s, 199 s left"),
    (420_000, 1_000_000, 2, "playing  42% [########            ] 210.0 k candles/s, 3 s left"),
    (99_999_999, 100_000_000, 2, "playing  99% [################### ] 49.9 M candles/s, 1 s left"),
    (4_000_000_000, 4_000_000_000, 2, "playing 100% [####################] 2.0 G candles/s"),
    // A file that grew while it was read.
    (300, 100, 1, "playing 100% [####################] 300 candles/s"),
  ]

  @Test("A line has share, speed and what is left, in 80 columns", arguments: lines)
  func line(_ done: Int, _ total: Int, _ seconds: Double, _ line: String) {
    let text = ProgressBar.line(
      "playing", done: done, of: total, unit: "candles", seconds: seconds)
    #expect(text == line)
    #expect(text.count <= 80)
  }
}

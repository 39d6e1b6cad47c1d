import Market
import Reporting
import Simulator
import TestKit
import Testing

@Suite("A file cut to a time range")
struct CandleFileTimeRangeTests {
  private static let interval = TimeSpan(seconds: 300)

  /// Candles at 00:00, 00:05, 00:15, 00:20, 00:30 on 1 January 2024.
  private static let file: CandleFile = {
    var file = CandleFile(candles: [], quality: .init(gaps: 2, missing: 2, badRows: 3))
    for index in [0, 1, 3, 4, 6] {
      file.candles.append(Candle(index, open: "1", high: "1", low: "1", close: "1"))
    }
    return file
  }()

  /// A range, how many candles warm up and how many are played, and the gaps between those.
  private static let cuts: [(String, Int, Int, Int, Int)] = [
    ("20240101-", 0, 5, 2, 2),
    ("20231201-20240601", 0, 5, 2, 2),
    ("20240101T0005-", 1, 4, 2, 2),
    // The hole before the first candle is none of the range.
    ("20240101T0010-", 2, 3, 1, 1),
    ("20240101T0015-20240101T0030", 2, 2, 0, 0),
    ("20240101T0015-20240101T003001", 2, 3, 1, 1),
    ("-20240101T0015", 0, 2, 0, 0),
    ("-20240101T001501", 0, 3, 1, 1),
    ("20240101T0030-", 4, 1, 0, 0),
  ]

  @Test("Earlier candles warm up, later ones are gone", arguments: cuts)
  func cut(_ text: String, warmUp: Int, played: Int, gaps: Int, missing: Int) throws {
    let range = try TimeRange(text)
    let part = try Self.file.cut(to: range, interval: Self.interval, name: "candles.csv")
    #expect(part.warmUp == warmUp)
    #expect(part.candles.count - part.warmUp == played)
    #expect(part.candles == Array(Self.file.candles.prefix(part.candles.count)))
    #expect(part.candles.dropFirst(part.warmUp).allSatisfy { range.contains($0.start) })
    #expect(part.quality.gaps == gaps)
    #expect(part.quality.missing == missing)
    #expect(part.quality.badRows == 3, "a fact about the file")
    #expect(part.timeRange == range)
  }

  @Test(
    "A range without candles is refused with those there are",
    arguments: ["20240102-", "-20240101", "20240101T0010-20240101T0015"])
  func empty(_ text: String) throws {
    let error = #expect(throws: CandleFileError.self) {
      try Self.file.cut(to: TimeRange(text), interval: Self.interval, name: "candles.csv")
    }
    #expect(
      error?.description
        == "candles.csv: no candle starts in \(text). The first starts at 2024-01-01T00:00:00Z, "
        + "the last at 2024-01-01T00:30:00Z.")
  }
}

import Market
import Reporting
import Simulator
import Testing

@Suite("CSV: candles in pieces, and what bad rows are counted as")
struct CandlePiecesTests {
  private static let count = 40_000

  private func write(_ folder: String) throws -> String {
    let path = folder + "/candles.csv"
    try CandleWriter.write(
      SyntheticCandles(.init(seed: 5, count: Self.count, gapProbability: 0.01)), toPath: path)
    return path
  }

  @Test func `the pieces together are the whole, and their findings the same`() throws {
    try withTemporaryFolder { folder in
      let path = try write(folder)
      let whole = try CandleFile.read(path: path)
      var pieces: [Candle] = []
      var largest = 0
      let quality = try CandleFile.read(path: path) { piece in
        pieces += piece
        largest = max(largest, piece.count)
        return true
      }
      #expect(pieces == whole.candles)
      #expect(quality == whole.quality)
      #expect(quality.gaps > 0)
      #expect(largest < Self.count / 2)
    }
  }

  @Test func `whoever wants no more is asked no more`() throws {
    try withTemporaryFolder { folder in
      var pieces = 0
      _ = try CandleFile.read(path: try write(folder)) { _ in
        pieces += 1
        return false
      }
      #expect(pieces == 1)
    }
  }

  static let kinds: [(row: String, defects: DataQuality.Defects)] = [
    ("1704067500,1,1,1,1,6", .init(duplicate: 1)), ("1704067200,1,1,1,1,5", .init(outOfOrder: 1)),
    ("1704067801,1,1,1,1,5", .init(offGrid: 1)), ("noon,1,1,1,1,5", .init(badTime: 1)),
    ("1704067800000,1,1,1,1,5", .init(badTime: 1)), ("1704067800.5,1,1,1,1,5", .init(badTime: 1)),
    ("1704067800,1,1,1,1", .init(unreadable: 1)), ("1704067800,,1,1,1,5", .init(unreadable: 1)),
    ("1704067800,1,x,1,1,5", .init(unreadable: 1)),
    ("1704067800,1,0.5,1,1,5", .init(contradictory: 1)),
    ("1704067800,1,1,1,1,-5", .init(contradictory: 1)),
  ]

  @Test("A dropped row is counted as what it is", arguments: kinds)
  func counts(_ row: String, _ expected: DataQuality.Defects) throws {
    let text = candles(
      "1704067200,1,1,1,1,5", "1704067500,1,1,1,1,5", row, "1704067800,1,1,1,1,5")
    let quality = try read(text, CandleFileOptions(skipsBadRows: true)).quality
    #expect(quality.defects == expected)
    #expect(quality.badRows == 1)
  }
}

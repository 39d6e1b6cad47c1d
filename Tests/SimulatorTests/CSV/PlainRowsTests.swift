import Market
import Reporting
import Simulator
import TestKit
import Testing

@Suite("CSV: the short way through plain rows")
struct PlainRowsTests {
  // MARK: - It agrees with the long way

  @Test(
    "Any file, sound or damaged, gives the same candles, findings or error both ways",
    arguments: Seeds.ofThisRun)
  func agreement(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    for _ in 0..<20 {
      let original = RandomCandleText(using: &random)
      for round in 0..<8 {
        let bytes = round == 0 ? original.bytes : original.damaged(using: &random)
        let sizes = (0..<20).map { _ in
          Int.random(in: 1...(round.isMultiple(of: 2) ? 2000 : 60), using: &random)
        }
        let short = Self.outcome(bytes, sizes: sizes, original.options, shortcut: true)
        let long = Self.outcome(bytes, original.options, shortcut: false)
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(short == long, "replay with SEED=\(seed)\n\(text)")
      }
    }
  }

  @Test("It agrees wherever the bytes are split", arguments: Seeds.few)
  func splitAnywhere(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    for _ in 0..<4 {
      let original = RandomCandleText(using: &random)
      let bytes = original.damaged(using: &random)
      let long = Self.outcome(bytes, original.options, shortcut: false)
      for position in 1...bytes.count {
        let short = Self.outcome(bytes, sizes: [position], original.options, shortcut: true)
        #expect(short == long, "replay with SEED=\(seed), split at \(position)")
      }
    }
  }

  @Test("It agrees on rows near the greatest length", arguments: -3...3)
  func longRows(excess: Int) {
    for lineEnd in ["\n", "\r\n"] {
      let before = "time,open,high,low,close,volume,note\(lineEnd)1704067200,1,1,1,1,5,\(lineEnd)"
      let row = "1704067500,1,1,1,1,5,"
      let space = CSVReader<FileSource>.limit - row.utf8.count
      let note = String(repeating: "x", count: space + excess)
      let text = "\(before)\(row)\(note)\(lineEnd)1704067800,1,1,1,1,5,\(lineEnd)"
      let long = Self.outcome(Array(text.utf8), CandleFileOptions(), shortcut: false)
      #expect(Self.outcome(Array(text.utf8), CandleFileOptions(), shortcut: true) == long)
      let isRead = if case .success = long { true } else { false }
      #expect(isRead == (excess < 0))
    }
  }

  private static func outcome(
    _ bytes: [UInt8], sizes: [Int] = [], _ options: CandleFileOptions, shortcut: Bool
  ) -> Result<CandleFile, CandleFileError> {
    Result { () throws(CandleFileError) in
      try CandleFile.read(
        from: ScriptedSource(bytes, sizes: sizes), name: "candles.csv", options: options,
        shortcut: shortcut)
    }
  }

  // MARK: - It takes what is plain, and nothing else

  static let plain: [String] = [
    "1704067500,1,1,1,1,5\n", "1704067500,1,1,1,1,5\r\n", "1704067500,1.5,2.25,1.0,2,0\n",
    "1704067500,9999999999,9999999999.99999999,1,1,0.00000001\n",
    "1704067500,1,1,1,1,0.123456789012345678901234567890\n",
    "1704067500,1,1,1,1,9999999999999999999.5\n", "1704070800,1,1,1,1,5\n",
  ]

  @Test("A plain row is taken, with what libcsv and the long way make of it", arguments: plain)
  func takes(row: String) throws {
    let text = candles("1704067200,1,1,1,1,5") + row
    #expect(try take(row).rows == 1)
    #expect(try take(row).bytes == row.utf8.count)
    let long = Self.outcome(Array(text.utf8), CandleFileOptions(), shortcut: false)
    #expect(Self.outcome(Array(text.utf8), CandleFileOptions(), shortcut: true) == long)
    #expect(try long.get().candles.count == 2)
  }

  static let others: [String] = [
    "", "\n", "\r\n", "1704067500,1,1,1,1,5", "1704067500,1,1,1,1,5\r", "1704067500,1,1,1,1,5\r\r",
    "1704067500,1,1,1,1\n", "1704067500,1,1,1,1,5,\n", "1704067500,1,1,1,1,5,6\n",
    "1704067500,,1,1,1,5\n", "1704067500,1,1,1,1,\n", "1704067500;1;1;1;1;5\n",
    " 1704067500,1,1,1,1,5\n", "1704067500,1 ,1,1,1,5\n", "1704067500,1,1,1,1,5 \n",
    "\"1704067500\",1,1,1,1,5\n", "1704067500,\"1\",1,1,1,5\n", "1704067500,1,1,1,1,\"5\"\n",
    "1704067500,+1,1,1,1,5\n", "1704067500,-1,1,1,1,5\n", "1704067500,1,1,1,1,-5\n",
    "1704067500,1e0,1,1,1,5\n", "1704067500,1,1,1,1,5e0\n", "1704067500,.5,1,1,1,5\n",
    "1704067500,1.,1,1,1,5\n", "1704067500,1..5,2,1,1,5\n", "1704067500,nan,1,1,1,5\n",
    "1704067500,1.000000000,1,1,1,5\n", "1704067500,10000000000,10000000000,1,1,5\n",
    "1704067500,1,1,1,1,10000000000000000000\n", "1704067500,1,1\0,1,1,5\n",
    "1704067500,1,1,1,1,5\0\n", "1704067500.0,1,1,1,1,5\n", "1704067500000,1,1,1,1,5\n",
    "300,1,1,1,1,5\n", "2024-01-01T00:05:00Z,1,1,1,1,5\n", "1704067200,1,1,1,1,5\n",
    "1704066900,1,1,1,1,5\n", "1704067501,1,1,1,1,5\n", "1704067500,1,0.9,1,1,5\n",
    "1704067500,1,1,1.1,1,5\n", "1704067500,0,0,0,0,5\n", "1704067500,1,1,1,1.1,5\n",
    "1704067500,1.1,1,1,1,5\n", "1704067500,1,2,1.5,2,5\n", "1704067500,2,2,1.5,1,5\n",
  ]

  @Test("Any other row is left to the long way, whole", arguments: others)
  func leaves(row: String) throws {
    #expect(try take(row) == (0, 0))
    let next = "1704068400,1,1,1,1,5\n"
    #expect(try take(next + row) == (next.utf8.count, 1))
  }

  static let dated: [(String, Int)] = [
    ("2024-01-01T00:05:00Z,1,1,1,1,5\n", 1), ("2024-01-01 00:05,1,1,1,1,5\n", 1),
    ("2024-01-01T02:05:00+02:00,1,1,1,1,5\n", 1), ("2024-01-01,1,1,1,1,5\n", 0),
    ("2024-01-01T00:05:00Z ,1,1,1,1,5\n", 0), ("2024-01-01T00:05:0\"Z,1,1,1,1,5\n", 0),
    ("1704067500,1,1,1,1,5\n", 0), ("2024-13-01T00:05:00Z,1,1,1,1,5\n", 0),
  ]

  @Test("Dates are read the short way too", arguments: dated)
  func dates(row: String, rows: Int) throws {
    #expect(try take(row, after: "2024-01-01T00:00:00Z,1,1,1,1,5").rows == rows)
  }

  @Test("Until a row has settled the form of times, and beyond the limit, nothing is taken")
  func limits() throws {
    let row = "1704067500,1,1,1,1,5\n1704067800,1,1,1,1,5\n"
    #expect(try take(row, limit: 1).rows == 1)
    #expect(try take(row, limit: 0) == (0, 0))
    #expect(try take(row, after: nil) == (0, 0))
    #expect(try take(row, after: "1704067200,1,0.5,1,1,5") == (0, 0))
  }

  /// What a parser takes of `text`, which has read one row before.
  private func take(
    _ text: String, after first: String? = "1704067200,1,1,1,1,5", limit: Int = 100
  ) throws -> (bytes: Int, rows: Int) {
    let columns = try CandleColumns(header: ["time", "open", "high", "low", "close", "volume"])
    var parser = CandleRowParser(columns: columns, interval: TimeSpan(seconds: 300))
    if let first {
      var reader = CSVReader(ScriptedSource(Array(first.utf8)))
      _ = try reader.next()
      // A bad first row is one of the cases.
      _ = reader.withRow { bytes, fields in try? parser.parse(bytes, fields: fields) }
    }
    var file = CandleFile(candles: [], quality: DataQuality())
    let padded = Array(text.utf8) + [UInt8](repeating: 0, count: CSVReader<FileSource>.margin)
    let taken = padded.withUnsafeBytes { bytes in
      parser.parsePlainRows(
        UnsafeRawBufferPointer(rebasing: bytes[..<text.utf8.count]), delimiter: UInt8(ascii: ","),
        limit: limit, into: &file)
    }
    #expect(file.candles.count == taken.rows)
    return taken
  }

  // MARK: - Digits

  @Test("Digits eight at a time give what ExactDecimal gives", arguments: Seeds.ofThisRun)
  func digits(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let alphabet = Array("0123456789.0123456789./:\u{FF}".utf8)
    var taken = 0
    for _ in 0..<2000 {
      let bytes = (0..<Int.random(in: 1...24, using: &random)).map { _ in
        alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
      }
      // Digits behind the margin must not count.
      let padded = bytes + [0] + [UInt8](repeating: UInt8(ascii: "7"), count: 15)
      let number: (text: String, steps: Int128)? = padded.withUnsafeBytes { padded in
        guard let base = padded.baseAddress else { return nil }
        var text = PlainText(at: base)
        guard let (whole, steps) = text.decimal() else { return nil }
        return (
          String(decoding: padded[..<(text.position - base)], as: UTF8.self),
          Int128(whole) * 100_000_000 + Int128(steps)
        )
      }
      guard let number else { continue }
      taken += 1
      #expect(try Quantity(number.text).steps == number.steps, "replay with SEED=\(seed)")
    }
    #expect(taken > 200)
  }
}

import Simulator
import TestKit
import Testing

@Suite("CSV: bytes to rows")
struct CSVReaderTests {
  static let texts: [(String, [Row])] = [
    ("a,b\n1,2\n", [Row(line: 1, fields: ["a", "b"]), Row(line: 2, fields: ["1", "2"])]),
    ("a,b\n1,2", [Row(line: 1, fields: ["a", "b"]), Row(line: 2, fields: ["1", "2"])]),
    ("a,b\r\n1,2\r\n", [Row(line: 1, fields: ["a", "b"]), Row(line: 2, fields: ["1", "2"])]),
    ("a,b\r1,2\r", [Row(line: 1, fields: ["a", "b"]), Row(line: 2, fields: ["1", "2"])]),
    (
      "\n\n a , b \n\n \t\n1,2\n\n",
      [
        Row(line: 3, fields: ["a", "b"]), Row(line: 6, fields: ["1", "2"]),
      ]
    ),
    ("\r\n\r\na\r\n\r\n1", [Row(line: 3, fields: ["a"]), Row(line: 5, fields: ["1"])]),
    ("a\n\r\n\r1\n", [Row(line: 1, fields: ["a"]), Row(line: 4, fields: ["1"])]),
    (
      "a,b\n\"1\n\n2\",3\n4,5\n",
      [
        Row(line: 1, fields: ["a", "b"]), Row(line: 2, fields: ["1\n\n2", "3"]),
        Row(line: 5, fields: ["4", "5"]),
      ]
    ),
    ("\"a\r\nb\"\r\nc", [Row(line: 1, fields: ["a\r\nb"]), Row(line: 3, fields: ["c"])]),
    ("\"a\"\"b\", \"c,d\" ,\n", [Row(line: 1, fields: ["a\"b", "c,d", ""])]),
    (",\n,", [Row(line: 1, fields: ["", ""]), Row(line: 2, fields: ["", ""])]),
    ("\"\"\n", [Row(line: 1, fields: [""])]),
    ("a;b c\n1,5;2\n", [Row(line: 1, fields: ["a", "b c"]), Row(line: 2, fields: ["1,5", "2"])]),
    (
      "a\tb\tc\n\t\t1\n \t2\t\n",
      [
        Row(line: 1, fields: ["a", "b", "c"]), Row(line: 2, fields: ["", "", "1"]),
        Row(line: 3, fields: ["", "2", ""]),
      ]
    ),
    ("\"a;b\",c\n", [Row(line: 1, fields: ["a;b", "c"])]),
    ("\u{FEFF}a,b\n", [Row(line: 1, fields: ["a", "b"])]),
    ("\u{FEFF}\"a\",b", [Row(line: 1, fields: ["a", "b"])]),
    ("größe,b\n", [Row(line: 1, fields: ["größe", "b"])]),
    ("", []),
    ("\n \r\n", []),
  ]

  @Test("A text has these rows", arguments: texts)
  func rowsOfText(text: String, expected: [Row]) throws {
    #expect(try rows(text) == expected)
  }

  @Test("Bytes split at any position give the same rows", arguments: texts)
  func splitAnywhere(text: String, expected: [Row]) throws {
    let bytes = Array(text.utf8)
    for position in 0...bytes.count where position > 0 {
      #expect(try rows(bytes, sizes: [position]) == expected, "split at \(position)")
    }
    #expect(try rows(bytes, sizes: Array(repeating: 1, count: bytes.count)) == expected)
  }

  static let errors: [(String, CSVError)] = [
    ("a,b\n1,\"2\"3\n", CSVError(line: 2, problem: .malformedQuotes)),
    ("a,b\n1,2\"3\n", CSVError(line: 2, problem: .malformedQuotes)),
    ("a,b\n\"1\n\",\"2\"x\n", CSVError(line: 2, problem: .malformedQuotes)),
    ("a,b\n\n1,\"2\n3,4\n", CSVError(line: 3, problem: .unclosedQuote)),
    ("a,b\n1,2\n3\u{0},4\n", CSVError(line: 3, problem: .nulByte)),
    ("a,b;c\n1,2\n", CSVError(line: 1, problem: .ambiguousDelimiter([.comma, .semicolon]))),
    ("\na;b\tc\n", CSVError(line: 2, problem: .ambiguousDelimiter([.semicolon, .tab]))),
    ("a,b\n1\"2,3\u{0}\n", CSVError(line: 2, problem: .malformedQuotes)),
    ("PK\u{3}\u{4}zip", CSVError(line: nil, problem: .compressed)),
  ]

  @Test("A malformed text is refused, however it arrives", arguments: errors)
  func refused(text: String, error: CSVError) throws {
    let bytes = Array(text.utf8)
    for position in 1...bytes.count {
      #expect(throws: error, "split at \(position)") { try rows(bytes, sizes: [position]) }
    }
  }

  @Test("UTF-16 is refused, with a byte order mark and without")
  func utf16() {
    for bytes in [[0xFF, 0xFE, 0x61, 0], [0xFE, 0xFF, 0, 0x61], [0xFF, 0xFE]] as [[UInt8]] {
      #expect(throws: CSVError(line: 1, problem: .utf16)) { try rows(bytes) }
    }
    #expect(throws: CSVError(line: 1, problem: .nulByte)) { try rows([0x61, 0, 0x0A, 0]) }
    #expect(throws: CSVError(line: nil, problem: .compressed)) { try rows([0x1F, 0x8B, 8, 0]) }
  }

  @Test("A named delimiter is taken, whatever the header has")
  func namedDelimiter() throws {
    #expect(try rows("a,b;c\n", delimiter: .semicolon) == [Row(line: 1, fields: ["a,b", "c"])])
    #expect(try rows("a,b;c\n", delimiter: .tab) == [Row(line: 1, fields: ["a,b;c"])])
  }

  @Test("A row may have 64 KiB, its line end included, and no byte more")
  func longRow() throws {
    for text in ["", "a\nb\n"] {
      let before = text.isEmpty ? 0 : 2
      let longest = text + String(repeating: "x", count: 65_535) + "\n"
      #expect(try rows(longest).last?.fields[0].utf8.count == 65_535)
      #expect(throws: CSVError(line: before + 1, problem: .rowTooLong(limit: 65_536))) {
        try rows(text + String(repeating: "x", count: 65_536) + "\n")
      }
      #expect(throws: CSVError(line: before + 1, problem: .rowTooLong(limit: 65_536))) {
        try rows(text + "\"" + String(repeating: "x\n", count: 40_000) + "\"\n")
      }
    }
  }

  @Test("Rows across the borders of chunks are whole")
  func manyChunks() throws {
    let text = (1...20_000).map { "\($0),\"row \($0)\"" }.joined(separator: "\r\n")
    let all = try rows(text)
    #expect(all.count == 20_000)
    #expect(all == (1...20_000).map { Row(line: $0, fields: ["\($0)", "row \($0)"]) })
  }

  @Test(
    "Random bytes never crash the reader, and pieces of any size give the same result",
    arguments: Seeds.ofThisRun)
  func randomBytes(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let alphabet = Array("ab,;\t \"\n\r1\u{0}\u{FEFF}".utf8)
    for _ in 0..<50 {
      let bytes = (0..<Int.random(in: 0...60, using: &random)).map { _ in
        alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
      }
      let sizes = (0..<60).map { _ in Int.random(in: 1...7, using: &random) }
      let whole = Result { () throws(CSVError) in try rows(bytes, delimiter: .comma) }
      let pieces = Result { () throws(CSVError) in
        try rows(bytes, sizes: sizes, delimiter: .comma)
      }
      #expect(whole == pieces, "replay with SEED=\(seed): \(bytes)")
    }
  }
}

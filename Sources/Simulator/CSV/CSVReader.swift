import CCSV

/// Splits bytes into rows and fields with libcsv, one row at a time.
///
/// - Memory: one chunk of 64 KiB, and the row at hand, which may not be longer either; nothing is
///   allocated per row. A row that is too long is refused before libcsv buffers the excess.
/// - Lines: `line` is that of the file where the row begins, from 1. Lines end with LF, CRLF or CR.
///   Blank lines count, but are not rows; quoted fields may span lines.
/// - Strictness: libcsv's strict mode. A quote inside an unquoted field, text behind a closing
///   quote and a quote left open at the end are errors, never guessed at, since one wrong guess
///   moves all later fields. Blanks around an unquoted field are dropped.
/// - Encoding: UTF-8, with or without byte order mark.
package struct CSVReader<Source: ByteSource & ~Copyable>: ~Copyable {
  private var source: Source
  private let parser: UnsafeMutablePointer<csv_parser>
  private let row: UnsafeMutablePointer<CSVRow>

  /// The chunk, and a margin that `takeRows` promises behind it.
  private let memory: UnsafeMutableRawBufferPointer
  private let chunk: UnsafeMutableRawBufferPointer
  private var unread = 0..<0
  private var bytesArrived = 0
  private var isStarted = false
  private var isExhausted = false

  /// The line of the next unread byte.
  private var currentLine = 1
  private var endsWithCarriageReturn = false
  private var bytesOfRow = 0
  private var delimiter: Delimiter?

  /// The line at which the last row began.
  package private(set) var line = 1

  /// A reader of these bytes; without a delimiter, the one that occurs in the first row is taken.
  package init(_ source: consuming Source, delimiter: Delimiter? = nil) {
    self.source = source
    self.delimiter = delimiter
    parser = .allocate(capacity: 1)
    parser.initialize(to: csv_parser())
    csv_init(parser, UInt8(CSV_STRICT | CSV_STRICT_FINI))
    csv_set_blk_size(parser, 1024)
    row = .allocate(capacity: 1)
    row.initialize(to: CSVRow())
    memory = .allocate(byteCount: Self.limit + Self.margin, alignment: 16)
    memory.initializeMemory(as: UInt8.self, repeating: 0)
    chunk = UnsafeMutableRawBufferPointer(rebasing: memory[..<Self.limit])
  }

  deinit {
    csv_free(parser)
    parser.deallocate()
    row.deinitialize(count: 1)
    row.deallocate()
    memory.deallocate()
  }

  /// The most bytes of a chunk and of a row.
  package static var limit: Int { 65_536 }

  /// How many bytes behind those lent by `takeRows` may be read, the first of which is NUL.
  package static var margin: Int { 16 }

  /// How many bytes the source has in all, where it knows; a hint.
  package var size: Int? { source.size }

  /// How many bytes of it are read and split.
  package var position: Int { bytesArrived - unread.count }

  /// Goes to the next row; `false` at the end.
  ///
  /// After an error the reader is not to be used any more.
  package mutating func next() throws(CSVError) -> Bool {
    if !isStarted { try start() }
    row.pointee.removeAll()
    while true {
      if unread.isEmpty {
        guard try fill() else { return try finish() }
      }
      if bytesOfRow == 0 {
        skipBlanks()
        if unread.isEmpty { continue }
        line = currentLine
      }
      if try feedLine() { return true }
    }
  }

  /// Lends the bytes at hand between two rows to a faster reader, which may take whole rows of them.
  ///
  /// What it leaves is read by `next` as if there had been no other reader; so it may stop at any
  /// row that it does not understand. It sees what has arrived and never waits for more: a row
  /// across the border of two chunks is for `next` too.
  ///
  /// - Parameter take: Gets the bytes, which are followed by a NUL byte and `margin` bytes in all
  ///   that may be read, and the delimiter; says how many it took, and how many rows that were.
  ///   Each must be a row of one line, with its line end: LF or CRLF.
  package mutating func takeRows(
    _ take: (_ bytes: UnsafeRawBufferPointer, _ delimiter: UInt8) -> (bytes: Int, rows: Int)
  ) {
    guard !unread.isEmpty, bytesOfRow == 0 else { return }
    memory[unread.upperBound] = 0
    let (bytes, rows) = take(
      UnsafeRawBufferPointer(rebasing: chunk[unread]), (delimiter ?? .comma).byte)
    guard rows > 0 else { return }
    unread = (unread.lowerBound + bytes)..<unread.upperBound
    currentLine += rows
    endsWithCarriageReturn = false
  }

  /// Lends the last row: its bytes, and where in them each field is.
  package borrowing func withRow<Result, Failure: Error>(
    _ body: (_ bytes: Span<UInt8>, _ fields: Span<Range<Int>>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(row.pointee.bytes.span, row.pointee.fields.span)
  }

  // MARK: - The file's beginning

  /// Reads until the first row is at hand, checks the encoding and chooses the delimiter.
  private mutating func start() throws(CSVError) {
    isStarted = true
    var firstLine = UnsafeRawBufferPointer(rebasing: chunk[..<0])
    while unread.upperBound < chunk.count {
      let free = UnsafeMutableRawBufferPointer(rebasing: chunk[unread.upperBound...])
      let count = try source.read(into: free)
      if count == 0 {
        isExhausted = true
        break
      }
      bytesArrived += count
      unread = 0..<(unread.upperBound + count)
      firstLine = Self.firstLine(of: UnsafeRawBufferPointer(rebasing: chunk[unread]))
      // A line that ends before the bytes do is whole.
      if firstLine.last?.isLineEnd == true { break }
    }
    try checkEncoding()
    if delimiter == nil {
      let found = Delimiter.found(in: firstLine)
      guard found.count <= 1 else {
        skipBlanks()
        throw CSVError(line: currentLine, problem: .ambiguousDelimiter(found))
      }
      delimiter = found.first
    }
    csv_set_delim(parser, (delimiter ?? .comma).byte)
  }

  private mutating func checkEncoding() throws(CSVError) {
    let bytes = chunk[unread]
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
      unread = 3..<unread.upperBound
    } else if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
      throw CSVError(line: 1, problem: .utf16)
    } else if Self.compressed.contains(where: { bytes.starts(with: $0) }) {
      throw CSVError(line: nil, problem: .compressed)
    }
  }

  /// The first bytes of gzip, zip, xz, bzip2 and zstd files.
  private static var compressed: [[UInt8]] {
    [
      [0x1F, 0x8B], [0x50, 0x4B, 3, 4], [0xFD, 0x37, 0x7A, 0x58], [0x42, 0x5A, 0x68],
      [0x28, 0xB5, 0x2F, 0xFD],
    ]
  }

  /// The first line that is not blank, with its end where that is there.
  private static func firstLine(of bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    let start = bytes.firstIndex { !$0.isLineEnd && !$0.isBlank } ?? bytes.endIndex
    let end = bytes[start...].firstIndex(where: \.isLineEnd).map { $0 + 1 } ?? bytes.endIndex
    return UnsafeRawBufferPointer(rebasing: bytes[start..<end])
  }

  // MARK: - Lines

  /// Reads the next chunk; `false` at the end of the file.
  private mutating func fill() throws(CSVError) -> Bool {
    if isExhausted { return false }
    let count = try source.read(into: chunk)
    isExhausted = count == 0
    bytesArrived += count
    unread = 0..<count
    return count > 0
  }

  /// Passes over blank lines, and over blanks before a row's first field, and counts lines.
  ///
  /// libcsv would do so too, but would not tell.
  private mutating func skipBlanks() {
    var position = unread.lowerBound
    while position < unread.upperBound {
      let byte = chunk[position]
      if byte.isLineEnd {
        countLineEnd(byte)
      } else if byte.isBlank, byte != delimiter?.byte {
        endsWithCarriageReturn = false
      } else {
        break
      }
      position += 1
    }
    unread = position..<unread.upperBound
  }

  /// Hands libcsv the rest of the current line, or as much as is there; `true` if that ends a row.
  private mutating func feedLine() throws(CSVError) -> Bool {
    let start = unread.lowerBound
    let bound = min(unread.upperBound, start + Self.limit - bytesOfRow)
    guard start < bound else {
      throw CSVError(line: line, problem: .rowTooLong(limit: Self.limit))
    }
    guard chunk[start] != 0 else { throw CSVError(line: currentLine, problem: .nulByte) }
    // Of two errors in a line the first is reported, however the bytes arrive: so libcsv is shown
    // what precedes a NUL byte before that is refused.
    var stop = start
    while stop < bound, chunk[stop] != 0, !chunk[stop].isLineEnd { stop += 1 }
    var lineEnd: UInt8?
    if stop < bound, chunk[stop].isLineEnd {
      lineEnd = chunk[stop]
      stop += 1
    }
    let count = stop - start
    let piece = chunk.baseAddress.map { $0 + start }
    guard csv_parse(parser, piece, count, storeField, endRow, row) == count else {
      let isMalformed = csv_error(parser) == CSV_EPARSE
      throw CSVError(line: line, problem: isMalformed ? .malformedQuotes : .outOfMemory)
    }
    if count > (lineEnd == nil ? 0 : 1) { endsWithCarriageReturn = false }
    if let lineEnd { countLineEnd(lineEnd) }
    unread = stop..<unread.upperBound
    bytesOfRow = row.pointee.isComplete ? 0 : bytesOfRow + count
    return row.pointee.isComplete
  }

  /// The row that the end of the file ends, if there is one.
  private mutating func finish() throws(CSVError) -> Bool {
    guard bytesOfRow > 0 else { return false }
    bytesOfRow = 0
    guard csv_fini(parser, storeField, endRow, row) == 0 else {
      throw CSVError(line: line, problem: .unclosedQuote)
    }
    return row.pointee.isComplete
  }

  /// CRLF is one end of a line, though its halves may come in two chunks.
  private mutating func countLineEnd(_ byte: UInt8) {
    let isCarriageReturn = byte == UInt8(ascii: "\r")
    if isCarriageReturn || !endsWithCarriageReturn { currentLine += 1 }
    endsWithCarriageReturn = isCarriageReturn
  }
}

extension UInt8 {
  fileprivate var isLineEnd: Bool { self == UInt8(ascii: "\n") || self == UInt8(ascii: "\r") }
  fileprivate var isBlank: Bool { self == UInt8(ascii: " ") || self == UInt8(ascii: "\t") }
}

/// The fields of one row, in buffers that all rows share.
private struct CSVRow {
  var bytes: [UInt8] = []
  var fields: [Range<Int>] = []
  var isComplete = false

  mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
    fields.removeAll(keepingCapacity: true)
    isComplete = false
  }
}

/// libcsv calls back with a field; `row` is the reader's `CSVRow`.
private func storeField(
  _ field: UnsafeMutableRawPointer?, _ count: Int, _ row: UnsafeMutableRawPointer?
) {
  guard let row = row?.assumingMemoryBound(to: CSVRow.self) else { return }
  let start = row.pointee.bytes.count
  row.pointee.bytes.append(contentsOf: UnsafeRawBufferPointer(start: field, count: count))
  row.pointee.fields.append(start..<(start + count))
}

/// libcsv calls back at the end of a row; `row` is the reader's `CSVRow`.
private func endRow(_: CInt, _ row: UnsafeMutableRawPointer?) {
  row?.assumingMemoryBound(to: CSVRow.self).pointee.isComplete = true
}

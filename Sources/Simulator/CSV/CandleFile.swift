public import Market
public import Reporting

/// The candles of a CSV file, and what was found out about them; SEMANTICS 2.
///
/// The file has a header that names its columns: the time (`timestamp`, `time`, `date`, `datetime`,
/// `open_time` or `start`), `open`, `high`, `low`, `close` and `volume`, in any order and case;
/// others are ignored. Columns are separated by commas, semicolons or tabs. `CandleTimeParser` says
/// how times may be written; a time without a zone is UTC.
public struct CandleFile: Hashable, Sendable {
  /// The valid candles, oldest first.
  public var candles: [Candle]
  /// Gaps, dropped rows, rounded volumes.
  public var quality: DataQuality
  /// How many of the first candles are there to warm the indicators only; SEMANTICS 9.
  public var warmUp = 0
  /// The range to which the file was cut; `nil` where it is whole.
  public var timeRange: TimeRange?

  /// Candles and their quality.
  public init(candles: [Candle], quality: DataQuality) {
    self.candles = candles
    self.quality = quality
  }

  /// Reads a file, whole, in bounded chunks.
  ///
  /// - Throws: At the first bad row, unless `options` say to skip those; what concerns the file as
  ///   a whole is never skipped.
  /// - Complexity: O(size), and a second look at 1000 rows where the interval seems wrong.
  public static func read(
    path: String, options: CandleFileOptions = CandleFileOptions()
  ) throws(CandleFileError) -> CandleFile {
    try read(from: try open(path), name: path, options: options)
  }

  /// Reads a file, whole, unless somebody ends that.
  ///
  /// - Parameters:
  ///   - path: Where the file is.
  ///   - goesOn: Hears now and then how many bytes were read; its `false` ends the reading.
  ///   - options: How to read it.
  /// - Returns: The candles and what was found out.
  /// - Throws: As without `goesOn`, and where that ended the reading.
  public static func read(
    path: String, goesOn: @escaping (_ bytes: Int) -> Bool, options: CandleFileOptions
  ) throws(CandleFileError) -> CandleFile {
    try read(from: try open(path, goesOn: goesOn), name: path, options: options)
  }

  /// Reads a file in pieces, so that memory stays small however long it is.
  ///
  /// - Parameters:
  ///   - path: Where the file is.
  ///   - options: As for the whole.
  ///   - take: Gets the valid candles, oldest first, many at a time; `false` ends the reading.
  /// - Returns: What was found out, up to where the reading ended.
  /// - Throws: As for the whole; the pieces before the bad row have been taken by then.
  public static func read(
    path: String, options: CandleFileOptions = CandleFileOptions(),
    inPieces take: (ArraySlice<Candle>) -> Bool
  ) throws(CandleFileError) -> DataQuality {
    var wantsMore = true
    let file = try read(
      from: try open(path), name: path, options: options, pieceSize: 16_384,
      take: { piece in
        wantsMore = take(piece)
        return wantsMore
      })
    if wantsMore { _ = take(file.candles[...]) }
    return file.quality
  }

  private static func open(
    _ path: String, goesOn: ((Int) -> Bool)? = nil
  ) throws(CandleFileError) -> FileSource {
    do throws(CSVError) {
      return try FileSource(path: path, goesOn: goesOn)
    } catch {
      throw CandleFileError(file: path, line: error.line, problem: .csv(error.problem))
    }
  }

  /// Reads candles from any source of bytes; `name` is what errors call it.
  ///
  /// Whenever there are more than `pieceSize` candles, `take` gets all but the last and they are
  /// forgotten; the rest is returned. Without the `shortcut` all rows go through libcsv, which
  /// changes nothing but the speed.
  package static func read<Source: ByteSource & ~Copyable>(
    from source: consuming Source, name: String, options: CandleFileOptions = CandleFileOptions(),
    shortcut: Bool = true, pieceSize: Int = .max,
    take: (ArraySlice<Candle>) -> Bool = { _ in true }
  ) throws(CandleFileError) -> CandleFile {
    var reader = CSVReader(source, delimiter: options.delimiter)
    guard try advance(&reader, name) else {
      throw CandleFileError(file: name, line: nil, problem: .csv(.empty))
    }
    let headerLine = reader.line
    let columns: CandleColumns
    do throws(CandleFileError.Problem) {
      columns = try CandleColumns(header: headerNames(reader), overrides: options.columns)
    } catch {
      throw CandleFileError(file: name, line: headerLine, problem: error)
    }

    var file = CandleFile(candles: [], quality: DataQuality())
    var rows = CandleRowParser(
      columns: columns, interval: options.interval, timeUnit: options.timeUnit)
    var firstDropped: (line: Int, defect: CandleRowDefect)?
    var count = 0
    while true {
      if file.candles.count > pieceSize {
        guard take(file.candles.dropLast()) else { break }
        file.candles.removeSubrange(..<(file.candles.count - 1))
      }
      if file.candles.capacity - file.candles.count < Self.room {
        file.reserve(atMost: pieceSize, bytes: reader.position, of: reader.size)
      }
      if shortcut {
        count += file.takePlainRows(&reader, &rows, limit: options.rowLimit - count)
      }
      guard try advance(&reader, name) else { break }
      count += 1
      guard count <= options.rowLimit else {
        throw CandleFileError(
          file: name, line: reader.line, problem: .tooManyRows(limit: options.rowLimit))
      }
      do throws(CandleRowDefect) {
        let candle = try reader.withRow { (bytes, fields) throws(CandleRowDefect) in
          try rows.parse(bytes, fields: fields)
        }
        file.append(candle, interval: options.interval)
      } catch {
        guard options.skipsBadRows, !error.concernsWholeFile else {
          let line = reader.line
          let interval = suggestedInterval(
            instead: options.interval, after: error, in: file.candles, reader: &reader, rows: rows)
          throw CandleFileError(
            file: name, line: line, problem: .badRow(error, suggestedInterval: interval))
        }
        if firstDropped == nil { firstDropped = (reader.line, error) }
        file.drop(line: reader.line, error)
      }
    }
    file.quality.roundedVolumes = rows.roundedVolumes
    if file.candles.isEmpty {
      guard let (line, defect) = firstDropped else {
        throw CandleFileError(file: name, line: headerLine, problem: .noRows)
      }
      throw CandleFileError(
        file: name, line: line, problem: .noValidRow(dropped: count, first: defect))
    }
    return file
  }

  /// The time between starts that more than half of all neighbours have, or `nil`.
  ///
  /// A caller may want to warn where it is not the interval: nothing is wrong with hourly candles
  /// on a grid of five minutes, but hardly anybody wants that.
  public var usualStep: TimeSpan? { UsualStep.of(candles) }

  // MARK: - Parts

  /// Adds a valid candle that follows the last one, and counts those that lack between them.
  @inline(__always)
  mutating func append(_ candle: Candle, interval: TimeSpan) {
    if let last = candles.last, candle.start != last.start + interval {
      quality.gaps += 1
      let steps = (candle.start - last.start).nanoseconds / interval.nanoseconds
      quality.missing += Int(steps - 1)
    }
    candles.append(candle)
  }

  /// More candles than a chunk can hold.
  private static var room: Int { 6000 }

  /// Makes room for the candles still to come, if they take as many bytes as those so far.
  ///
  /// An array that grows by itself doubles, and for a moment holds its candles twice; so the guess
  /// is generous. Pages never written to cost nothing, but a file that lies about its rows is not to
  /// claim all addresses there are.
  private mutating func reserve(atMost limit: Int, bytes: Int, of size: Int?) {
    let count = candles.count
    var wanted = 2 * count
    if let size, size > bytes, count > 0 {
      let rest = Double(size - bytes) / Double(bytes) * Double(count)
      wanted = count + Int(min(rest * 1.125, Double(max(count, 1 << 20))))
    }
    let capacity = candles.capacity
    candles.reserveCapacity(min(wanted, limit) + 2 * Self.room)
    if candles.capacity > capacity { LargePages.advise(&candles) }
  }

  /// Reads the plain rows that are at hand; says how many.
  private mutating func takePlainRows<Source: ByteSource & ~Copyable>(
    _ reader: inout CSVReader<Source>, _ parser: inout CandleRowParser, limit: Int
  ) -> Int {
    var rows = 0
    reader.takeRows { bytes, delimiter in
      let taken = parser.parsePlainRows(bytes, delimiter: delimiter, limit: limit, into: &self)
      rows = taken.rows
      return taken
    }
    return rows
  }

  private mutating func drop(line: Int, _ defect: CandleRowDefect) {
    quality.badRows += 1
    quality.defects[keyPath: defect.kind] += 1
    if quality.bad.count < 10 {
      quality.bad.append(DataQuality.BadRow(line: line, reason: defect.description))
    }
  }

  private static func advance<Source: ByteSource & ~Copyable>(
    _ reader: inout CSVReader<Source>, _ name: String
  ) throws(CandleFileError) -> Bool {
    do throws(CSVError) {
      return try reader.next()
    } catch {
      throw CandleFileError(file: name, line: error.line, problem: .csv(error.problem))
    }
  }

  private static func headerNames<Source: ByteSource & ~Copyable>(
    _ reader: borrowing CSVReader<Source>
  ) -> [String] {
    reader.withRow { bytes, fields in
      var names: [String] = []
      for index in 0..<fields.count {
        names.append(printable(bytes.extracting(fields[index]), limit: .max))
      }
      return names
    }
  }

  // MARK: - The interval that the file seems to have

  /// The interval that would do better, judged by up to 1000 rows on either side of an off-grid one.
  private static func suggestedInterval<Source: ByteSource & ~Copyable>(
    instead interval: TimeSpan, after defect: CandleRowDefect, in candles: [Candle],
    reader: inout CSVReader<Source>, rows: CandleRowParser
  ) -> TimeSpan? {
    guard case .offGrid(let start, _) = defect else { return nil }
    var times = candles.suffix(1000).map(\.start)
    times.append(start)
    // A second error behind the first is not what the user must mend first.
    while times.count < 2000, (try? reader.next()) == true {
      if let time = reader.withRow({ rows.time($0, fields: $1) }) { times.append(time) }
    }
    guard let step = UsualStep.of(times), step != interval, step.nanoseconds % 1_000_000_000 == 0,
      start.nanoseconds % step.nanoseconds == 0
    else { return nil }
    return step
  }
}

extension CandleRowDefect {
  /// Whether dropping the row would not help: the next one would be as unclear.
  fileprivate var concernsWholeFile: Bool {
    if case .unclearTimeUnit = self { true } else { false }
  }
}

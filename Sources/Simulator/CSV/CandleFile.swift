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

  private static func open(_ path: String) throws(CandleFileError) -> FileSource {
    do throws(CSVError) {
      return try FileSource(path: path)
    } catch {
      throw CandleFileError(file: path, line: error.line, problem: .csv(error.problem))
    }
  }

  /// Reads candles from any source of bytes; `name` is what errors call it.
  ///
  /// Whenever there are more than `pieceSize` candles, `take` gets all but the last and they are
  /// forgotten; the rest is returned.
  package static func read<Source: ByteSource & ~Copyable>(
    from source: consuming Source, name: String, options: CandleFileOptions = CandleFileOptions(),
    pieceSize: Int = .max, take: (ArraySlice<Candle>) -> Bool = { _ in true }
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
    while try advance(&reader, name) {
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
        if file.candles.count > pieceSize {
          guard take(file.candles.dropLast()) else { break }
          file.candles.removeSubrange(..<pieceSize)
        }
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
  public var usualStep: TimeSpan? { Self.usualStep(candles.lazy.map(\.start)) }

  // MARK: - Parts

  private mutating func append(_ candle: Candle, interval: TimeSpan) {
    if let last = candles.last {
      let steps = (candle.start - last.start).nanoseconds / interval.nanoseconds
      if steps > 1 {
        quality.gaps += 1
        quality.missing += Int(steps - 1)
      }
    }
    candles.append(candle)
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
    guard let step = usualStep(times), step != interval, step.nanoseconds % 1_000_000_000 == 0,
      start.nanoseconds % step.nanoseconds == 0
    else { return nil }
    return step
  }

  /// Boyer and Moore's majority vote, and a count whether it is one.
  private static func usualStep(_ times: some Collection<Timestamp>) -> TimeSpan? {
    let steps = zip(times, times.dropFirst()).lazy.map { $1 - $0 }
    var candidate = TimeSpan(nanoseconds: 0)
    var votes = 0
    for step in steps {
      if votes == 0 { candidate = step }
      votes += step == candidate ? 1 : -1
    }
    let count = steps.reduce(0) { $0 + ($1 == candidate ? 1 : 0) }
    return candidate.nanoseconds > 0 && count > (times.count - 1) / 2 ? candidate : nil
  }
}

extension CandleRowDefect {
  /// Whether dropping the row would not help: the next one would be as unclear.
  fileprivate var concernsWholeFile: Bool {
    if case .unclearTimeUnit = self { true } else { false }
  }
}

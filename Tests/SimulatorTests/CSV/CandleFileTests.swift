import Foundation
import Market
import Reporting
import Simulator
import Testing

@Suite("CSV: files of candles")
struct CandleFileTests {
  static let skipping = CandleFileOptions(skipsBadRows: true)
  static let first = candle(1_704_067_200, 1, 1, 1, 1, 5)
  static let second = candle(1_704_067_500, 1, 1, 1, 1, 5)
  static let third = candle(1_704_067_800, 1, 1, 1, 1, 5)

  // MARK: - Bad rows (SEMANTICS 2.2); the cases of golden/cases/bad_*

  struct Golden: Sendable, CustomTestStringConvertible {
    var testDescription: String
    /// Lines 2 to 4.
    var rows: [String]
    /// The start of the defect's message at line 3.
    var defect: String
    /// Which of the rows are left when bad ones are skipped.
    var kept: [Int64]
    var gaps = 0
  }

  static let golden: [Golden] = [
    Golden(
      testDescription: "bad_backward",
      rows: ["1704067500,1,1,1,1,5", "1704067200,2,2,2,2,5", "1704067800,1,1,1,1,5"],
      defect: "its start 2024-01-01T00:00:00Z does not increase",
      kept: [1_704_067_500, 1_704_067_800]),
    Golden(
      testDescription: "bad_duplicate",
      rows: ["1704067200,1,1,1,1,5", "1704067200,2,2,2,2,5", "1704067800,1,1,1,1,5"],
      defect: "its start 2024-01-01T00:00:00Z does not increase",
      kept: [1_704_067_200, 1_704_067_800], gaps: 1),
    Golden(
      testDescription: "bad_high_below_close",
      rows: ["1704067200,1,1,1,1,5", "1704067500,1,1.1,1,1.2,5", "1704067800,1,1,1,1,5"],
      defect: "its high 1.1 is below", kept: [1_704_067_200, 1_704_067_800], gaps: 1),
    Golden(
      testDescription: "bad_nan",
      rows: ["1704067200,1,1,1,1,5", "1704067500,1,nan,1,1,5", "1704067800,1,1,1,1,5"],
      defect: "its high 'nan' is not a decimal number", kept: [1_704_067_200, 1_704_067_800],
      gaps: 1),
    Golden(
      testDescription: "bad_negative_volume",
      rows: ["1704067200,1,1,1,1,5", "1704067500,1,1,1,1,-5", "1704067800,1,1,1,1,5"],
      defect: "its volume -5 is negative", kept: [1_704_067_200, 1_704_067_800], gaps: 1),
    Golden(
      testDescription: "bad_off_grid",
      rows: ["1704067200,1,1,1,1,5", "1704067501,1,1,1,1,5", "1704067800,1,1,1,1,5"],
      defect: "its start 2024-01-01T00:05:01Z is no multiple of the interval of 300 s",
      kept: [1_704_067_200, 1_704_067_800], gaps: 1),
    Golden(
      testDescription: "bad_order_after_skip",
      rows: ["1704067200,1,1,1,1,5", "1704070800,1,0.5,1,1,5", "1704067500,1,1,1,1,5"],
      defect: "its high 0.5 is below", kept: [1_704_067_200, 1_704_067_500]),
    Golden(
      testDescription: "bad_zero_price",
      rows: ["1704067200,1,1,1,1,5", "1704067500,1,1,0,1,5", "1704067800,1,1,1,1,5"],
      defect: "its low of 0 is not above 0", kept: [1_704_067_200, 1_704_067_800], gaps: 1),
  ]

  @Test("A bad row is refused, with its line and reason", arguments: golden)
  func refusesGolden(_ golden: Golden) throws {
    let error = try #require(refusal(candles(golden.rows[0], golden.rows[1], golden.rows[2])))
    #expect(error.line == 3)
    #expect(error.description.hasPrefix("candles.csv:3: \(golden.defect)"), "\(error)")
    #expect(error.description.hasSuffix("or drop rows like it with --on-bad-row skip."))
  }

  @Test("A bad row is dropped and counted if the caller says so", arguments: golden)
  func skipsGolden(_ golden: Golden) throws {
    let file = try read(candles(golden.rows[0], golden.rows[1], golden.rows[2]), Self.skipping)
    #expect(file.candles.map(\.start.seconds) == golden.kept)
    #expect(file.quality.badRows == 1)
    #expect(file.quality.bad.map(\.line) == [3])
    #expect(file.quality.bad.first?.reason.hasPrefix(golden.defect) == true)
    #expect(file.quality.gaps == golden.gaps)
    #expect(file.quality.missing == golden.gaps)
  }

  static let defects: [(String, CandleRowDefect)] = [
    ("1704067500,1,1,1,1", .fieldCount(5, header: 6)),
    ("1704067500,1,1,1,1,5,6", .fieldCount(7, header: 6)),
    ("1704067500", .fieldCount(1, header: 6)),
    (",1,1,1,1,5", .empty(.time)),
    ("1704067500,,1,1,1,5", .empty(.open)),
    ("1704067500,1,1,1,1,", .empty(.volume)),
    ("1704067500,1,\"\",1,1,5", .empty(.high)),
    ("1704067500,1,1,1,NaN,5", .number(.close, text: "NaN", .notANumber)),
    ("1704067500,1,inf,1,1,5", .number(.high, text: "inf", .notANumber)),
    ("1704067500,1,1,1,1,-inf", .number(.volume, text: "-inf", .notANumber)),
    ("1704067500,1,1,abc,1,5", .number(.low, text: "abc", .notANumber)),
    ("1704067500,1,1,0x1,1,5", .number(.low, text: "0x1", .notANumber)),
    ("1704067500,1,1,1 1,1,5", .number(.low, text: "1 1", .notANumber)),
    ("1704067500,1,1,\"1,5\",1,5", .number(.low, text: "1,5", .notANumber)),
    ("1704067500,1,1,\"1\n1\",1,5", .number(.low, text: "1?1", .notANumber)),
    (
      "1704067500,1.123456789,2,1,1,5",
      .number(.open, text: "1.123456789", .tooPrecise(decimals: 8))
    ),
    (
      "1704067500,1,1e11,1,1,5",
      .number(.high, text: "1e11", .tooLarge(limit: "92233720368.54775807"))
    ),
    (
      "1704067500,1,1,1,1,1e99",
      .number(.volume, text: "1e99", .tooLarge(limit: Quantity.greatest.description))
    ),
    ("1704067500,1,1,-1,1,5", .invalid("its low of -1 is not above 0")),
    ("1704067500,1,1,1.5,1,5", .invalid("its low 1.5 is above its open or close")),
    ("1704067500,1,1,1,1,-0.000000001", .invalid("its volume -0.000000001 is negative")),
    (
      "1704067499,1,1,1,1,5",
      .offGrid(Timestamp(seconds: 1_704_067_499), interval: TimeSpan(seconds: 300))
    ),
    ("1704067500.5,1,1,1,1,5", .fractionalTime("1704067500.5")),
    ("1704067500000,1,1,1,1,5", .mixedTimes("1704067500000", expected: .count(.seconds))),
    (
      "2024-01-01T00:05:00Z,1,1,1,1,5",
      .mixedTimes("2024-01-01T00:05:00Z", expected: .count(.seconds))
    ),
  ]

  @Test("A row that breaks a rule is refused, or dropped", arguments: defects)
  func badRow(row: String, defect: CandleRowDefect) throws {
    let text = candles("1704067200,1,1,1,1,5", row, "1704067800,1,1,1,1,5")
    #expect(
      refusal(text) == CandleFileError(file: "candles.csv", line: 3, problem: .badRow(defect)))
    let file = try read(text, Self.skipping)
    #expect(file.candles == [Self.first, Self.third])
    #expect(
      file.quality
        == DataQuality(
          gaps: 1, missing: 1, badRows: 1, defects: file.quality.defects,
          bad: [DataQuality.BadRow(line: 3, reason: defect.description)]))
    #expect(!defect.description.contains("\n"))
  }

  @Test("Only the first ten bad rows are listed, but all are counted")
  func tenBadRows() throws {
    var text = candles("1704067200,1,1,1,1,5")
    for _ in 0..<25 { text += "1704067200,1,1,1,1,5\n" }
    let quality = try read(text, Self.skipping).quality
    #expect(quality.badRows == 25)
    #expect(quality.bad.map(\.line) == Array(3...12))
  }

  @Test("The time format is that of the first valid row, not of bad rows before it")
  func formatOfFirstValidRow() throws {
    let text = candles(
      "1704067200000,1,0.5,1,1,5", "1704067200,1,1,1,1,5", "1704067500000,1,1,1,1,5",
      "1704067500,1,1,1,1,5")
    let file = try read(text, Self.skipping)
    #expect(file.candles == [Self.first, Self.second])
    #expect(file.quality.bad.map(\.line) == [2, 4])
  }

  @Test("Blank lines are no rows, and lines are those of the file")
  func blankLines() {
    let text = "\n\(candles("1704067200,1,1,1,1,5", "", "  ", "1704067200,1,1,1,1,5"))"
    #expect(refusal(text)?.line == 6)
  }

  // MARK: - Volumes, gaps

  @Test("A volume finer than 8 decimals is rounded down and counted, once the row is valid")
  func roundedVolumes() throws {
    let text = candles(
      "1704067200,1,1,1,1,1.123456789", "1704067500,1,0.5,1,1,1.123456789",
      "1704067800,1,1,1,1,1.1234567800")
    let file = try read(text, Self.skipping)
    #expect(
      file.candles.map(\.volume) == [Quantity(steps: 112_345_678), Quantity(steps: 112_345_678)])
    #expect(file.quality.roundedVolumes == 1)
    #expect(file.quality.badRows == 1)
  }

  @Test("Gaps are breaks in the grid, missing are the candles that lack")
  func gaps() throws {
    let file = try read(
      candles(
        "1704067200,1,1,1,1,5", "1704067500,1,1,1,1,5", "1704068700,1,1,1,1,5",
        "1704069300,1,1,1,1,5"))
    #expect(file.quality == DataQuality(gaps: 2, missing: 4))
    #expect(file.usualStep == nil)
  }

  @Test("A file of hourly candles on a grid of five minutes is valid, and tells its usual step")
  func usualStep() throws {
    let file = try read(
      candles("1704067200,1,1,1,1,5", "1704070800,1,1,1,1,5", "1704074400,1,1,1,1,5"))
    #expect(file.quality == DataQuality(gaps: 2, missing: 22))
    #expect(file.usualStep == TimeSpan(seconds: 3600))
  }

  @Test("From one end of the calendar to the other nothing overflows")
  func wholeCalendar() throws {
    let file = try read(candles("1900-01-01T00:00Z,1,1,1,1,5", "2099-12-31T23:55Z,1,1,1,1,5"))
    #expect(file.quality == DataQuality(gaps: 1, missing: 21_038_110))
  }

  // MARK: - The wrong interval

  @Test("An interval that most rows contradict is named")
  func suggestedInterval() {
    let minutes = (0..<50).map { "\(1_704_067_200 + 60 * $0),1,1,1,1,5" }
    let text = "time,open,high,low,close,volume\n" + minutes.joined(separator: "\n")
    let error = refusal(text)
    #expect(error?.line == 3)
    #expect(
      error?.description
        == "candles.csv:3: its start 2024-01-01T00:01:00Z is no multiple of the interval of 300 s."
        + " Most rows are 60 s apart: pass --interval 60")
    #expect(refusal(text, CandleFileOptions(interval: TimeSpan(seconds: 60))) == nil)
  }

  @Test("One row off the grid of the others suggests no interval")
  func noSuggestion() {
    var minutes = (0..<50).map { "\(1_704_067_200 + 300 * $0),1,1,1,1,5" }
    minutes[20] = "1704073201,1,1,1,1,5"
    let text = "time,open,high,low,close,volume\n" + minutes.joined(separator: "\n")
    #expect(
      refusal(text)?.problem
        == .badRow(
          .offGrid(Timestamp(seconds: 1_704_073_201), interval: TimeSpan(seconds: 300)),
          suggestedInterval: nil))
  }

  // MARK: - Headers

  static let headers: [String] = [
    "timestamp,open,high,low,close,volume",
    "time,open,high,low,close,volume",
    " Date , OPEN,High,lOw,Close, Volume ",
    "\"datetime\",\"open\",\"high\",\"low\",\"close\",\"volume\"",
    "open_time;open;high;low;close;volume",
    "START\topen\thigh\tlow\tclose\tvolume",
    "\u{FEFF}timestamp,open,high,low,close,volume",
  ]

  @Test("Headers name the columns, whatever their case and delimiter", arguments: headers)
  func header(_ header: String) throws {
    let delimiter = header.contains(";") ? ";" : header.contains("\t") ? "\t" : ","
    let row = ["1704067200", "2", "4", "1", "3", "5"].joined(separator: delimiter)
    let expected = [candle(1_704_067_200, 2, 4, 1, 3, 5)]
    #expect(try read("\(header)\n\(row)").candles == expected)
    #expect(try read("\(header)\r\n\(row)\r\n").candles == expected)
  }

  @Test("Columns come in any order, among others")
  func order() throws {
    let file = try read(
      "symbol,volume,close,low,high,open,time,trades\nBTC,5,3,1,4,2,1704067200,9\n")
    #expect(file.candles == [candle(1_704_067_200, 2, 4, 1, 3, 5)])
  }

  @Test("Named columns are taken, and only those")
  func overrides() throws {
    let text = "date,timestamp,o,high,low,close,Volume BTC,volume usd\nx,1704067200,2,4,1,3,5,6\n"
    let options = CandleFileOptions(columns: [
      .time: "Timestamp", .open: "o", .volume: " volume btc",
    ])
    #expect(try read(text, options).candles == [candle(1_704_067_200, 2, 4, 1, 3, 5)])
    let cased = "Time,time,open,high,low,close,volume\n1704067200,x,2,4,1,3,5\n"
    #expect(try read(cased, CandleFileOptions(columns: [.time: "Time"])).candles.count == 1)
  }

  static let badHeaders: [(String, CandleFileError.Problem, String)] = [
    (
      "1704067200,1,1,1,1,5\n1704067500,1,1,1,1,5\n", .noHeader,
      "candles.csv:1: the file has no header. Its first line must name the columns, such as"
        + " timestamp,open,high,low,close,volume"
    ),
    (
      "2024-01-01 00:00,1,1,1,1,5\n", .noHeader,
      "candles.csv:1: the file has no header. Its first line must name the columns, such as"
        + " timestamp,open,high,low,close,volume"
    ),
    (
      "when,open,high,low,close,volume\n",
      .missingColumn(
        .time, wanted: nil, header: ["when", "open", "high", "low", "close", "volume"]),
      "candles.csv:1: the header has no column 'timestamp' or 'time' or 'date' or 'datetime' or"
        + " 'open_time' or 'start'. It has 'when', 'open', 'high', 'low', 'close', 'volume'."
        + " Rename yours, or pass --column time=<header>."
    ),
    (
      "time,open,high,low,close,vol\n",
      .missingColumn(
        .volume, wanted: nil, header: ["time", "open", "high", "low", "close", "vol"]),
      "candles.csv:1: the header has no column 'volume'. It has 'time', 'open', 'high', 'low',"
        + " 'close', 'vol'. Rename yours, or pass --column volume=<header>."
    ),
    (
      "timestamp,date,open,high,low,close,volume\n",
      .ambiguousColumn(.time, candidates: ["timestamp", "date"]),
      "candles.csv:1: the header has several columns for the time: 'timestamp', 'date'."
        + " Choose one, such as --column time=timestamp"
    ),
    (
      "time,open,high,low,close,volume,open\n",
      .ambiguousColumn(.open, candidates: ["open", "open"]),
      "candles.csv:1: the header has 2 columns 'open'. Rename all but one."
    ),
    (
      "time,open,high;low,close,volume\n", .csv(.ambiguousDelimiter([.comma, .semicolon])),
      "candles.csv:1: the header has commas and semicolons. Say which one separates the columns:"
        + " --delimiter comma"
    ),
    (
      "time,open,high,low,close,volume\n", .noRows,
      "candles.csv:1: the file has a header, but no rows."
    ),
  ]

  @Test("A header that is not clear is refused", arguments: badHeaders)
  func badHeader(text: String, problem: CandleFileError.Problem, message: String) {
    let error = refusal(text)
    #expect(error?.problem == problem)
    #expect(error?.description == message)
  }

  @Test("A named column that is not there is refused")
  func missingOverride() {
    let error = refusal(
      "time,open\n1,2\n", CandleFileOptions(columns: [.time: "when"]))
    #expect(
      error?.description == "candles.csv:1: the header has no column 'when' for the time."
        + " It has 'time', 'open'. Pass --column time=<one of these>.")
  }

  @Test("A time of unclear unit is refused, though bad rows are skipped, until the unit is given")
  func unclearUnit() throws {
    let text = candles("0,1,1,1,1,5", "300,1,1,1,1,5")
    let message =
      "candles.csv:2: the unit of its time 0 cannot be told from its size."
      + " Pass --time-unit s, ms, us or ns."
    #expect(refusal(text)?.description == message)
    #expect(refusal(text, Self.skipping)?.description == message)
    let file = try read(text, CandleFileOptions(timeUnit: .seconds))
    #expect(file.candles.map(\.start.seconds) == [0, 300])
  }

  @Test("Where every row is bad, skipping leaves nothing to run on")
  func noValidRow() {
    let text = candles("1704067200,1,1,1,1,x", "1704067200,1,1,1,1,5,5")
    let defect = CandleRowDefect.number(.volume, text: "x", .notANumber)
    #expect(
      refusal(text, Self.skipping)
        == CandleFileError(
          file: "candles.csv", line: 2, problem: .noValidRow(dropped: 2, first: defect)))
  }

  @Test("More rows than the limit are refused")
  func rowLimit() throws {
    let text = candles("1704067200,1,1,1,1,5", "1704067500,1,1,1,1,5")
    #expect(try read(text, CandleFileOptions(rowLimit: 2)).candles == [Self.first, Self.second])
    #expect(
      refusal(text, CandleFileOptions(rowLimit: 1))?.description
        == "candles.csv:3: the file has more than 1 rows. Split it.")
  }

  // MARK: - Files

  @Test("What is no readable file gives one clear line")
  func unreadable() throws {
    try withTemporaryFolder { folder in
      #expect(
        throws: CandleFileError(
          file: folder, line: nil, problem: .csv(.unreadable(code: EISDIR)))
      ) { try CandleFile.read(path: folder) }
      let missing = folder + "/missing.csv"
      let error = #expect(throws: CandleFileError.self) { try CandleFile.read(path: missing) }
      #expect(
        error?.description == "\(missing): cannot be read: No such file or directory."
          + " Check the path and its permissions.")
      let empty = folder + "/empty.csv"
      try Data().write(to: URL(fileURLWithPath: empty))
      #expect(throws: CandleFileError(file: empty, line: nil, problem: .csv(.empty))) {
        try CandleFile.read(path: empty)
      }
      let locked = folder + "/locked.csv"
      try Data("time\n".utf8).write(to: URL(fileURLWithPath: locked))
      chmod(locked, 0)
      if access(locked, R_OK) != 0 {  // Root may read everything.
        #expect(
          throws: CandleFileError(
            file: locked, line: nil, problem: .csv(.unreadable(code: EACCES)))
        ) { try CandleFile.read(path: locked) }
      }
    }
  }

  @Test("A file is read, with a last line that has no end")
  func readsFile() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/candles.csv"
      try Data("time,open,high,low,close,volume\r\n1704067200,1,1,1,1,5".utf8)
        .write(to: URL(fileURLWithPath: path))
      #expect(try CandleFile.read(path: path).candles == [Self.first])
    }
  }

  @Test("The same bytes split at every position give the same candles")
  func splitAnywhere() throws {
    let text =
      "\u{FEFF}date;open;high;low;close;volume\r\n\r\n"
      + "2024-01-01 00:00;\"2\";4;1;3;5.5\r\n2024-01-01 00:10;2;4;1;3;5\r\n\r\n"
    let bytes = Array(text.utf8)
    let whole = try read(text)
    #expect(whole.candles.count == 2)
    for position in 1..<bytes.count {
      let file = try CandleFile.read(
        from: ScriptedSource(bytes, sizes: [position, 1]), name: "candles.csv")
      #expect(file == whole, "split at \(position)")
    }
  }
}

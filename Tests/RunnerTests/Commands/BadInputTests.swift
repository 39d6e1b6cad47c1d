import Foundation
import Testing

@testable import Runner

/// What people feed to programs: each gives its exit code and one clear line, in little memory.
@Suite("Bad input")
struct BadInputTests {
  struct Case: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let bytes: [UInt8]
    let message: String

    init(_ name: String, _ bytes: [UInt8], _ message: String) {
      testDescription = name
      self.bytes = bytes
      self.message = message
    }

    /// A row behind two good ones, in line 4.
    init(_ name: String, row: String, _ message: String) {
      let text = CandleTexts.header + "1704067200,10,12,9,11,5\n1704067500,10,12,9,11,5\n" + row
      self.init(name, Array(text.utf8), message)
    }
  }

  private static let mend = " Mend the row, or drop rows like it with --on-bad-row skip."

  private static let files = [
    Case(
      "an empty file", [],
      "bad.csv: the file is empty. It needs a header such as timestamp,open,high,low,close,volume"
        + " and rows."),
    Case(
      "no header", Array("1704067200,10,12,9,11,5\n".utf8),
      "bad.csv:1: the file has no header. Its first line must name the columns, such as"
        + " timestamp,open,high,low,close,volume"),
    Case(
      "a header alone", Array(CandleTexts.header.utf8),
      "bad.csv:1: the file has a header, but no rows."),
    Case(
      "UTF-16", [0xFF, 0xFE] + CandleTexts.short.utf8.flatMap { [$0, 0] },
      "bad.csv:1: the file is UTF-16. Save it as UTF-8, for example with"
        + " iconv -f UTF-16 -t UTF-8."),
    Case(
      "UTF-16 without its mark", CandleTexts.short.utf8.flatMap { [$0, 0] },
      "bad.csv:1: there is a NUL byte, so this is no CSV text. Save the file as UTF-8 text."),
    Case(
      "a compressed file", [0x1F, 0x8B, 8, 0, 0, 0, 0, 0],
      "bad.csv: the file is compressed. Unpack it first."),
  ]

  private static let rows = [
    Case(
      "a truncated last line", row: "1704067800,10,1",
      "bad.csv:4: the row has 3 fields, the header has 6.\(mend)"),
    Case(
      "a last line truncated before its volume", row: "1704067800,10,12,9,11,",
      "bad.csv:4: its volume is empty.\(mend)"),
    Case(
      "a NUL byte", row: "1704067800,10,12,9\0,11,5\n",
      "bad.csv:4: there is a NUL byte, so this is no CSV text. Save the file as UTF-8 text."),
    Case(
      "a quote within a field", row: "1704067800,10,1\"2\",9,11,5\n",
      "bad.csv:4: the row that begins here has a misplaced quote. Quote whole fields, and double"
        + " quotes inside."),
    Case(
      "a quote never closed", row: "1704067800,\"10,12,9,11,5\n1704068100,10,12,9,11,5\n",
      "bad.csv:4: the row that begins here opens a quote that is never closed. Close or remove it."),
    Case(
      "NaN", row: "1704067800,10,NaN,9,11,5\n",
      "bad.csv:4: its high 'NaN' is not a decimal number such as 1234.5.\(mend)"),
    Case(
      "inf", row: "1704067800,10,12,9,inf,5\n",
      "bad.csv:4: its close 'inf' is not a decimal number such as 1234.5.\(mend)"),
    Case(
      "a negative price", row: "1704067800,10,12,-9,11,5\n",
      "bad.csv:4: its low of -9 is not above 0.\(mend)"),
    Case(
      "1e400", row: "1704067800,10,1e400,9,11,5\n",
      "bad.csv:4: its high 1e400 is out of range: the limit is 92233720368.54775807.\(mend)"),
    Case(
      "a price with 30 decimals", row: "1704067800,10.123456789012345678901234567891,12,9,11,5\n",
      "bad.csv:4: its open 10.123456789012345678901234567891 has more than 8 decimals.\(mend)"),
    Case(
      "milliseconds among seconds", row: "1704067800000,10,12,9,11,5\n",
      "bad.csv:4: mixed time units: its time 1704067800000 does not count s like the earlier"
        + " rows.\(mend)"),
    Case(
      "a date among numbers", row: "2024-01-01T00:10:00Z,10,12,9,11,5\n",
      "bad.csv:4: mixed time units: its time 2024-01-01T00:10:00Z does not count s like the"
        + " earlier rows.\(mend)"),
    Case(
      "the same time twice", row: "1704067500,10,12,9,11,5\n",
      "bad.csv:4: its start 2024-01-01T00:05:00Z does not increase: the last valid candle starts"
        + " at 2024-01-01T00:05:00Z.\(mend)"),
  ]

  @Test("A bad file is refused in one line with its place", arguments: files + rows)
  func refused(_ bad: Case) async throws {
    let folder = try TemporaryFolder()
    try Data(bad.bytes).write(to: folder.url.appending(path: "bad.csv"))
    let run = try await RunnerProcess.bounded("\"$RUNNER\" backtest --csv bad.csv", in: folder)
    #expect(run.errors == "runner: \(bad.message)\n")
    #expect(run.code == ExitCode.data.rawValue)
    #expect(run.outputText == "")
  }

  @Test("Line ends, marks and quotes that are in order change nothing")
  func harmless() async throws {
    let folder = try TemporaryFolder()
    let text = CandleTexts.short
    let forms = [
      "plain": text, "CRLF": text.replacing("\n", with: "\r\n"), "BOM": "\u{FEFF}" + text,
      "quotes": text.split(separator: "\n").map {
        "\"" + $0.replacing(",", with: "\",\"") + "\"\n"
      }.joined(),
      "no last line end": String(text.dropLast()),
    ]
    for (name, form) in forms.sorted(by: { $0.key < $1.key }) {
      try folder.write(form, to: "candles.csv")
      let run = try await RunnerProcess.bounded(
        "\"$RUNNER\" backtest --csv candles.csv", in: folder)
      #expect(run.code == 0, "\(name)")
      #expect(run.errors == "", "\(name)")
      #expect(run.outputText.contains("2024-01-01"), "\(name)")
    }
  }

  static let endless: [(name: String, line: String, message: String)] = [
    (
      "a row", "head -c 1G /dev/zero | tr '\\0' x",
      "bad.csv:2: the row that begins here is longer than 65536 bytes. Is a closing quote missing?"
    ),
    (
      "a quote that is never closed", "printf '\"'; yes 1704067200,10,12,9,11,5 | head -c 1G",
      "bad.csv:2: the row that begins here is longer than 65536 bytes. Is a closing quote missing?"
    ),
    (
      "nothing but zeros", "head -c 1G /dev/zero",
      "bad.csv:2: there is a NUL byte, so this is no CSV text. Save the file as UTF-8 text."
    ),
  ]

  @Test("A gigabyte without an end of line takes no memory", arguments: endless)
  func endlessLine(name: String, line: String, message: String) async throws {
    let folder = try TemporaryFolder()
    // A pipe, so that nothing is written anywhere: the writer stops when the reader does.
    let run = try await RunnerProcess.bounded(
      """
      mkfifo bad.csv
      (printf 'time,open,high,low,close,volume\\n'; \(line)) >bad.csv 2>/dev/null &
      "$RUNNER" backtest --csv bad.csv
      """, in: folder)
    #expect(run.errors == "runner: \(message)\n", "\(name)")
    #expect(run.code == ExitCode.data.rawValue, "\(name)")
    #expect(run.outputText == "", "\(name)")
  }

  @Test func `a sparse file of a gigabyte is refused at its first zero`() async throws {
    let folder = try TemporaryFolder()
    try folder.write(CandleTexts.short, to: "bad.csv")
    let file = try FileHandle(forWritingTo: folder.url.appending(path: "bad.csv"))
    try file.truncate(atOffset: 1 << 30)
    try file.close()
    let run = try await RunnerProcess.bounded("\"$RUNNER\" backtest --csv bad.csv", in: folder)
    #expect(
      run.errors == "runner: bad.csv:7: there is a NUL byte, so this is no CSV text."
        + " Save the file as UTF-8 text.\n")
    #expect(run.code == ExitCode.data.rawValue)
  }

  // MARK: - Configuration

  /// Ten levels of nine references each: 3 billion values if anybody followed them.
  private static let bomb =
    "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
    + (1...9).map { level in
      let item = "*a\(level - 1)"
      return "a\(level): &a\(level) [\(repeatElement(item, count: 9).joined(separator: ", "))]\n"
    }.joined()

  private static let settings = [
    Case(
      "a YAML bomb", Array(bomb.utf8),
      "bad.yaml:1:5: anchors such as '&a0' are not read; remove it"),
    Case(
      "brackets without end", Array(String(repeating: "[", count: 100_000).utf8),
      "bad.yaml:1:17: more than 16 levels inside each other; a section has two"),
  ]

  @Test("A bad configuration is refused in one line with its place", arguments: settings)
  func refusedSettings(_ bad: Case) async throws {
    let folder = try TemporaryFolder()
    try Data(bad.bytes).write(to: folder.url.appending(path: "bad.yaml"))
    let run = try await RunnerProcess.bounded("\"$RUNNER\" config check -c bad.yaml", in: folder)
    #expect(run.errors == "runner: \(bad.message)\n")
    #expect(run.code == ExitCode.configuration.rawValue)
    #expect(run.outputText == "")
  }

  @Test func `a configuration of a gigabyte is not read to its end`() async throws {
    let folder = try TemporaryFolder()
    let run = try await RunnerProcess.bounded(
      """
      mkfifo bad.yaml
      (yes '# nothing' | head -c 1G) >bad.yaml 2>/dev/null &
      "$RUNNER" config check -c bad.yaml
      """, in: folder)
    #expect(
      run.errors == "runner: bad.yaml:1:1: the file is larger than 1048576 bytes; a configuration"
        + " is short: is this the right file?\n")
    #expect(run.code == ExitCode.configuration.rawValue)
  }
}

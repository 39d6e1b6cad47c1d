public import Market

/// Why a file of candles is refused: where, what, and what to do next.
public struct CandleFileError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong.
  public enum Problem: Error, Hashable, Sendable {
    /// The bytes are no rows of CSV.
    case csv(CSVProblem)
    /// The first row has numbers where the names of the columns belong.
    case noHeader
    /// The header lacks a column; `wanted` is the header that `--column` asked for.
    case missingColumn(CandleColumn, wanted: String?, header: [String])
    /// Several columns have a fitting name.
    case ambiguousColumn(CandleColumn, candidates: [String])
    /// Nothing follows the header.
    case noRows
    /// Every row was bad and dropped; the defect of the first.
    case noValidRow(dropped: Int, first: CandleRowDefect)
    /// A row is no valid candle. `suggestedInterval` is that of most rows, where it would do.
    case badRow(CandleRowDefect, suggestedInterval: TimeSpan? = nil)
    /// There are more rows than the limit.
    case tooManyRows(limit: Int)
    /// No candle starts in the time range; the starts of the first and the last one there are.
    case noneInRange(TimeRange, first: Timestamp?, last: Timestamp?)
  }

  /// The path, as the caller wrote it.
  public var file: String
  /// The line, from 1 for the first line; `nil` where it is the file as a whole.
  public var line: Int?
  /// What is wrong.
  public var problem: Problem

  /// An error in a file.
  public init(file: String, line: Int?, problem: Problem) {
    self.file = file
    self.line = line
    self.problem = problem
  }

  /// One line for the user: the place, the fact, the remedy.
  public var description: String {
    "\(file)\(line.map { ":\($0)" } ?? ""): \(problem.text)"
  }
}

extension CandleFileError.Problem {
  fileprivate var text: String {
    switch self {
    case .csv(let problem):
      problem.description
    case .noHeader:
      "the file has no header. Its first line must name the columns, such as"
        + " timestamp,open,high,low,close,volume"
    case .missingColumn(let column, let wanted?, let header):
      "the header has no column '\(wanted)' for the \(column). It has \(list(header))."
        + " Pass --column \(column)=<one of these>."
    case .missingColumn(let column, nil, let header):
      "the header has no column '\(column.headers.joined(separator: "' or '"))'. It has"
        + " \(list(header)). Rename yours, or pass --column \(column)=<header>."
    case .ambiguousColumn(let column, let candidates):
      if Set(candidates).count == 1 {
        "the header has \(candidates.count) columns '\(candidates[0])'. Rename all but one."
      } else {
        "the header has several columns for the \(column): \(list(candidates))."
          + " Choose one, such as --column \(column)=\(candidates[0])"
      }
    case .noRows:
      "the file has a header, but no rows."
    case .noValidRow(let dropped, let first):
      "no row is a valid candle (\(dropped) dropped). This one, the first: \(first)."
    case .badRow(.unclearTimeUnit(let count), _):
      "\(CandleRowDefect.unclearTimeUnit(count)). Pass --time-unit s, ms, us or ns."
    case .badRow(let defect, let interval?):
      "\(defect). Most rows are \(interval.shortText) apart: pass --interval \(interval.seconds)"
    case .badRow(let defect, nil):
      "\(defect). Mend the row, or drop rows like it with --on-bad-row skip."
    case .tooManyRows(let limit):
      "the file has more than \(limit) rows. Split it."
    case .noneInRange(let range, let first?, let last?):
      "no candle starts in \(range). The first starts at \(first), the last at \(last)."
    case .noneInRange(let range, _, _):
      "no candle starts in \(range)."
    }
  }

  private func list(_ names: [String]) -> String {
    let shown = names.prefix(20).map { "'\(printable($0.utf8.span))'" }.joined(separator: ", ")
    return names.count > 20 ? shown + ", …" : shown
  }
}

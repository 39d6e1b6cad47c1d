import Glibc

/// Why bytes are not readable as rows of CSV.
package struct CSVError: Error, Hashable, Sendable {
  /// The line it concerns, from 1; `nil` where it is the file as a whole.
  package var line: Int?
  /// What is wrong.
  package var problem: CSVProblem

  /// An error at a line.
  package init(line: Int?, problem: CSVProblem) {
    self.line = line
    self.problem = problem
  }
}

/// What can be wrong with a file before its fields have a meaning.
///
/// None of it can be skipped as a bad row: behind it nobody knows where the next row begins.
public enum CSVProblem: Hashable, Sendable, CustomStringConvertible {
  /// The system refused to open or read the file; an `errno`.
  case unreadable(code: Int32)
  /// There is nothing but blank lines.
  case empty
  /// The file is UTF-16 text.
  case utf16
  /// The file is compressed, with gzip, zip, xz, bzip2 or zstd.
  case compressed
  /// There is a NUL byte, so this is no text.
  case nulByte
  /// A row has more bytes than `limit`, its line ends included.
  case rowTooLong(limit: Int)
  /// A quote stands inside an unquoted field, or text follows a closing quote.
  case malformedQuotes
  /// The file ends inside a quoted field.
  case unclosedQuote
  /// Several of the delimiters occur in the header.
  case ambiguousDelimiter([Delimiter])
  /// Whoever wanted the file read has changed their mind.
  case interrupted
  /// The parser found no memory.
  case outOfMemory

  /// The fact and the remedy, for a user.
  public var description: String {
    switch self {
    case .unreadable(let code):
      "cannot be read: \(String(cString: strerror(code))). Check the path and its permissions."
    case .empty:
      "the file is empty. It needs a header such as timestamp,open,high,low,close,volume and rows."
    case .utf16:
      "the file is UTF-16. Save it as UTF-8, for example with iconv -f UTF-16 -t UTF-8."
    case .compressed:
      "the file is compressed. Unpack it first."
    case .nulByte:
      "there is a NUL byte, so this is no CSV text. Save the file as UTF-8 text."
    case .rowTooLong(let limit):
      "the row that begins here is longer than \(limit) bytes. Is a closing quote missing?"
    case .malformedQuotes:
      "the row that begins here has a misplaced quote. Quote whole fields, and double quotes inside."
    case .unclosedQuote:
      "the row that begins here opens a quote that is never closed. Close or remove it."
    case .ambiguousDelimiter(let found):
      "the header has \(found.map { "\($0)s" }.joined(separator: " and "))."
        + " Say which one separates the columns: --delimiter \(found[0])"
    case .interrupted:
      "the reading was interrupted."
    case .outOfMemory:
      "there is no memory left to read the row that begins here."
    }
  }
}

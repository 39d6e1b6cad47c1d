import Glibc
import JSON
import Reporting

/// A result as it was written by `backtest --json`, read back.
///
/// Somebody else may have made the file: its size, depth and number of values are bounded, and what
/// does not fit is one line for the user.
struct ResultFile: Sendable {
  let path: String
  let document: JSONValue
  let manifest: RecordedManifest

  /// A result with the equity of two million candles is smaller.
  private static let limits = JSONLimits(bytes: 128 << 20, depth: 16, values: 8_000_000)

  init(path: String) throws(ResultFileError) {
    try self.init(path: path, bytes: try Self.read(path))
  }

  /// The manifest of a run that a database holds, as if it were a result without figures.
  init(path: String, manifestOf text: String) throws(ResultFileError) {
    try self.init(path: path, bytes: Array(text.utf8))
  }

  private init(path: String, bytes: [UInt8]) throws(ResultFileError) {
    self.path = path
    do throws(JSONError) {
      document = try JSONValue(parsing: bytes, limits: Self.limits)
    } catch {
      throw ResultFileError(path: path, problem: .json(error))
    }
    do throws(ResultFormatError) {
      manifest = try RecordedManifest(of: document)
    } catch {
      throw ResultFileError(path: path, problem: .format(error))
    }
  }

  /// How many trades the result lists, of all pairs or of one.
  func tradeCount(of pair: String? = nil) -> Int {
    switch manifest {
    case .one: return document["trades"]?.count ?? 0
    case .several:
      let pairs = document["pairs"].map { Array($0.elements) } ?? []
      return pairs.filter { pair == nil || $0["pair"]?.string == pair }
        .reduce(0) { $0 + ($1["trades"]?.count ?? 0) }
    }
  }

  /// What differs between the result and its run made again.
  func comparison(with run: PlayedRun, by program: Program) throws -> ResultComparison {
    let hasEquity = document["equity"] != nil
    let bytes: [UInt8]
    switch (manifest, run) {
    case (.one(let manifest), .one(let result)):
      bytes = ResultDocument(result, manifest: manifest, includesEquity: hasEquity).bytes
    case (.several(let manifest), .several(let result)):
      bytes = PortfolioDocument(result, manifest: manifest, includesEquity: hasEquity).bytes
    case (.one, .several), (.several, .one):
      preconditionFailure("\(path) was repeated as a run of another kind")
    }
    return ResultComparison(
      recorded: document, now: try JSONValue(parsing: bytes, limits: Self.limits),
      isSameVersion: manifest.program == program.identity)
  }

  /// All bytes, and no more than it takes to see that there are too many.
  private static func read(_ path: String) throws(ResultFileError) -> [UInt8] {
    func failure() -> ResultFileError {
      ResultFileError(path: path, problem: .unreadable(SystemError(number: errno)))
    }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure() }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 18)
    while bytes.count <= limits.bytes {
      let count = Glibc.read(descriptor, &chunk, chunk.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw failure() }
      if count == 0 { break }
      bytes += chunk[..<count]
    }
    return bytes
  }
}

/// Why a result file cannot be used: one line.
struct ResultFileError: Error, Hashable, CustomStringConvertible {
  enum Problem: Hashable {
    case unreadable(SystemError)
    case json(JSONError)
    case format(ResultFormatError)
    /// The manifest asks for what no command line can.
    case manifest(String)
    /// The candles are not where they were.
    case candlesMissing(String, pair: String?, SystemError)
    /// The candles came through a pipe.
    case candlesPiped(String, pair: String?)
  }

  let path: String
  let problem: Problem

  var description: String {
    switch problem {
    case .unreadable(let cause): "cannot read \(path): \(cause)"
    case .json(let error): "\(path): \(error)"
    case .format(let error): "\(path): \(error)"
    case .manifest(let words): "\(path): its manifest is damaged: \(words)"
    case .candlesMissing(let csv, let pair, let cause):
      "cannot read \(csv), the candles of \(path): \(cause). Say where they are now: "
        + Self.option(pair)
    case .candlesPiped(let csv, let pair):
      "the candles of \(path) came from \(csv), which is no file. Say where they are: "
        + Self.option(pair)
    }
  }

  private static func option(_ pair: String?) -> String {
    "--csv \(pair.map { $0 + "=" } ?? "")FILE"
  }
}

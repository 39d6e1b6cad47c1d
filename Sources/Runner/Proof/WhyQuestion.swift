import Market
import Reporting

/// What `runner why` is asked about.
enum WhyQuestion: Hashable {
  /// A trade by its number, among those of a pair or of all.
  case trade(Int, pair: String?)
  /// A refusal by its number, likewise; how many there are shows when the run was made again.
  case refusal(Int, pair: String?)
  /// The signal at a close.
  case signal(Timestamp, pair: String?)

  /// Reads the words of a command line.
  ///
  /// - Throws: `UsageError` where they do not ask for one thing, `WhyError` where there is no trade.
  init(
    of file: ResultFile, trade: String?, refusal: String?, signal: String?, pair: String?
  ) throws {
    if let pair { try Self.check(pair, file) }
    let given = [
      trade.map { _ in "TRADE" }, refusal.map { _ in "--refusal" }, signal.map { _ in "--signal" },
    ].compactMap { $0 }
    if given.count > 1 {
      throw UsageError.conflict(given[0], given[1], why: "each asks for something of its own")
    }
    if let refusal {
      guard let number = Int(refusal), number >= 1 else {
        throw UsageError.invalid(
          option: "--refusal", value: refusal, expected: "a number from 1")
      }
      self = .refusal(number, pair: pair)
    } else if let signal {
      do throws(TimeRangeError) {
        self = .signal(try TimeRange.moment(of: signal), pair: pair)
      } catch {
        throw UsageError.refused(option: "--signal", why: error.description)
      }
    } else {
      let count = file.tradeCount(of: pair)
      guard count > 0 else { throw WhyError.noTrades(file.path, pair: pair) }
      let range = "a number from 1 to \(count)"
      guard let trade else { throw UsageError.missing("TRADE, \(range),") }
      guard let number = Int(trade), (1...count).contains(number) else {
        throw UsageError.invalid(option: "TRADE", value: trade, expected: range)
      }
      self = .trade(number, pair: pair)
    }
  }

  private static func check(_ pair: String, _ file: ResultFile) throws(UsageError) {
    let names: [String]
    switch file.manifest {
    case .one(let manifest): names = [manifest["product.id"] ?? ""]
    case .several(let manifest): names = manifest.pairs.map(\.name)
    }
    guard names.contains(pair) else {
      throw .invalid(
        option: "--pair", value: pair,
        expected: "a pair of the result: \(names.joined(separator: ", "))")
    }
  }
}

/// Why a trade or a signal cannot be explained.
enum WhyError: Error, Hashable, CustomStringConvertible {
  case noTrades(String, pair: String?)
  case differs(String, ResultComparison.Difference)
  case noRefusal(String, number: Int, count: Int, pair: String?)
  case noSignal(String, Timestamp, before: Timestamp?, after: Timestamp?, pair: String?)

  var description: String {
    switch self {
    case .noTrades(let path, let pair):
      "\(path): its run closed no position\(Self.of(pair)), so there is no trade to explain"
    case .differs(let path, let difference):
      "\(path): the run made again is not the recorded one: \(difference.section)"
        + (difference.place.isEmpty ? "" : ", \(difference.place)")
        + ". What differs: runner verify \(path)"
    case .noRefusal(let path, let number, let count, let pair):
      count == 0
        ? "\(path): no limit refused an entry\(Self.of(pair)), so there is no refusal to explain"
        : "\(path): there is no refusal \(number)\(Self.of(pair)): give a number from 1 to \(count)"
    case .noSignal(let path, let time, let before, let after, let pair):
      "\(path): no close\(Self.of(pair)) was a signal at \(time)"
        + (before.map { "; the last one before is that of \($0)" } ?? "")
        + (after.map { "; the next one is that of \($0)" } ?? "")
    }
  }

  private static func of(_ pair: String?) -> String { pair.map { " of \($0)" } ?? "" }
}

package import Market

/// A fault that was played.
package struct FaultEntry: Hashable, Sendable, CustomStringConvertible {
  /// The data's time.
  package let time: Timestamp
  /// Of which kind.
  package let kind: FaultKind
  /// To what it happened and how, in words.
  package let what: String
  /// Until when it lasts, where it does.
  package let until: Timestamp?
  /// Whose market it is of, by its place among the listings; `nil` where it may be of any.
  package let market: Int?

  /// One line.
  package var description: String { "\(time) \(kind.rawValue): \(what)" }
}

/// What has gone wrong on purpose, in the order in which it did.
package struct FaultLog: Sendable {
  /// The latest ones.
  package private(set) var entries: [FaultEntry] = []
  /// How many there were of each kind.
  package private(set) var counts: [FaultKind: Int] = [:]

  private static let most = 20_000

  mutating func add(
    _ kind: FaultKind, at time: Timestamp, _ what: String, until: Timestamp? = nil,
    market: Int? = nil
  ) {
    if entries.count == Self.most { entries.removeFirst(Self.most / 2) }
    let what = until.map { "\(what) until \($0)" } ?? what
    entries.append(
      FaultEntry(time: time, kind: kind, what: what, until: until, market: market))
    counts[kind, default: 0] += 1
  }

  /// How many of each kind, such as `latency 3, restart 1`; empty without any.
  package var summary: String {
    FaultKind.allCases.compactMap { kind in counts[kind].map { "\(kind.rawValue) \($0)" } }
      .joined(separator: ", ")
  }
}

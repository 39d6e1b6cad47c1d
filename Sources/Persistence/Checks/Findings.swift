/// What of the invariants is looked for in rows.
enum Invariant: String, CaseIterable {
  /// The rows can be read, and none of the record is missing.
  case record
  /// A stop's trigger never falls within a position.
  case triggers = "I1 triggers"
  /// Sells never exceed the position.
  case sells = "I2 sells"
  /// One exit order for all of each position.
  case exits = "I3 exits"
  /// Each fill once.
  case fills = "I4 fills"
  /// Cash and positions reconcile with the fills.
  case money = "I5 money"
}

/// What was found, at most so much of a kind.
struct Findings {
  private let limit: Int
  private var defects: [[String]] = Invariant.allCases.map { _ in [] }

  init(limit: Int) { self.limit = limit }

  /// Adds a sentence that names table, row and both figures.
  mutating func add(_ invariant: Invariant, _ sentence: @autoclosure () -> String) {
    guard let place = Invariant.allCases.firstIndex(of: invariant), defects[place].count < limit
    else { return }
    defects[place].append(sentence())
  }

  /// A check for each invariant.
  var checks: [DatabaseCheck] {
    zip(Invariant.allCases, defects).map { DatabaseCheck($0.rawValue, defects: $1) }
  }
}

import Persistence
import Reporting

/// The pairs whose entries are stopped, by who has stopped them.
struct HaltedPairs {
  /// Those that an operator has halted, whatever the session holds besides.
  private(set) var byOperator: [Int] = []
  /// Those that the session holds by itself, until what it waits for is over or he resumes.
  private(set) var bySession: [Int] = []

  /// Those of a store.
  ///
  /// - Throws: `SQLiteError`.
  init(of store: Store) throws {
    for pair in store.pairs.indices where store.pairs[pair].isHalted {
      if try store.reader.isHaltedByOperator(pair) {
        byOperator.append(pair)
      } else {
        bySession.append(pair)
      }
    }
  }

  /// All of them, in the order of registration.
  var all: [Int] { (byOperator + bySession).sorted() }

  /// Who has stopped the entries of a pair, in a word; `nil` where nobody has.
  func cause(of pair: Int) -> String? {
    byOperator.contains(pair) ? "operator" : bySession.contains(pair) ? "session" : nil
  }

  /// Which and by whom, for people; empty where there are none.
  func words(_ name: (Int) -> String) -> String {
    func names(_ pairs: [Int]) -> String { pairs.map(name).joined(separator: ", ") }
    return [
      byOperator.isEmpty ? "" : "by an operator: \(names(byOperator))",
      bySession.isEmpty ? "" : "by the session, see 'incidents list': \(names(bySession))",
    ].filter { !$0.isEmpty }.joined(separator: "; ")
  }

  /// Writes all of them, and beside them those of the operators.
  func write(to json: inout JSONWriter, _ product: (Int) -> String) {
    json.key("halted")
    json.beginArray()
    for pair in all { json.value(product(pair)) }
    json.endArray()
    json.key("halted_by_operator")
    json.beginArray()
    for pair in byOperator { json.value(product(pair)) }
    json.endArray()
  }
}

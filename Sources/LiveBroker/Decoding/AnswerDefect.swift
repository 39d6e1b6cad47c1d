/// Where an answer is not what the exchange documents.
///
/// Members that nobody asked for are no defect: the exchange adds some every month.
package struct AnswerDefect: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong.
  package enum Problem: Hashable, Sendable {
    /// It is not there.
    case missing
    /// It is there, but of another kind.
    case kind(expected: String, found: String)
    /// It is a text that stands for nothing of the wanted kind.
    case value(expected: String, found: String)
  }

  /// From the root: `orders[3].order_configuration.limit_price`.
  package var path: String
  /// What is wrong there.
  package var problem: Problem

  /// One line, with no more of the answer than one short value.
  package var description: String {
    let place = path.isEmpty ? "the answer" : path
    switch problem {
    case .missing: return "\(place) is missing"
    case .kind(let expected, let found): return "\(place) is \(found), not \(expected)"
    case .value(let expected, let found): return "\(place) is '\(found)', which is no \(expected)"
    }
  }

  /// The same defect seen from one level further up.
  func within(_ outer: String) -> AnswerDefect {
    let separator = path.isEmpty || path.hasPrefix("[") ? "" : "."
    return AnswerDefect(path: outer + separator + path, problem: problem)
  }

  static func value(_ path: String, _ expected: String, _ found: String) -> AnswerDefect {
    let shown = found.count > 40 ? found.prefix(40) + "…" : found[...]
    return AnswerDefect(path: path, problem: .value(expected: expected, found: String(shown)))
  }
}

/// What is wrong with a file of faults: where, what, and what to do.
package struct FaultPlanError: Error, Hashable, Sendable, CustomStringConvertible {
  /// One line: `file:line:column: what; what to do`.
  package let description: String

  init(_ description: String) { self.description = description }

  init(_ file: String, line: Int, column: Int, _ text: String) {
    description = "\(file):\(line):\(column): \(text)"
  }
}

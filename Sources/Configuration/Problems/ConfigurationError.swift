/// Everything that is wrong with a configuration, so that it can be mended in one go.
public struct ConfigurationError: Error, Hashable, Sendable, CustomStringConvertible {
  /// At least one problem, in the order of the sources.
  public let problems: [ConfigurationProblem]

  init(_ problems: [ConfigurationProblem]) { self.problems = problems }

  /// One line for each problem, of very many the first twenty.
  public var description: String {
    var lines = problems.prefix(20).map(\.description)
    if problems.count > lines.count { lines.append("and \(problems.count - lines.count) more") }
    return lines.joined(separator: "\n")
  }
}

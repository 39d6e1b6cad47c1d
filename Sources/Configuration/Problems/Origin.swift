/// Where a setting, or a complaint about one, comes from.
public enum Origin: Hashable, Sendable, CustomStringConvertible {
  /// Nobody set it: the default of its declaration.
  case standard
  /// A configuration file; line and column count from 1.
  case file(String, line: Int, column: Int)
  /// The command line: `--set`, or a flag of its own such as `--cash`.
  case argument(String)

  /// As a report shows it: `default`, `ratchet.yaml:12`, `--set`.
  public var description: String {
    switch self {
    case .standard: "default"
    case .file(let name, let line, _): "\(name):\(line)"
    case .argument(let flag): flag
    }
  }

  /// As a complaint begins: with the column, where there is one.
  var place: String {
    switch self {
    case .standard, .argument: description
    case .file(let name, let line, let column): "\(name):\(line):\(column)"
    }
  }
}

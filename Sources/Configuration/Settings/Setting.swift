public import Strategy

/// One key with the value it ended up with, and who gave it.
public struct Setting: Hashable, Sendable {
  /// The section, such as `exit`.
  public let section: String
  /// How the key was declared.
  public let parameter: Parameter
  /// Its value.
  public let value: ParameterValue
  /// Who gave it: the last of those who did.
  public let origin: Origin

  /// The full key, such as `exit.trail`; of what only a pair has its name alone, `correlation_group`.
  public var key: String {
    section == Section.pairs.name ? parameter.name : "\(section).\(parameter.name)"
  }
  /// The value in its shortest exact form.
  public var text: String { value.description }
  /// Whether it decides what a run gives; how a run is logged and kept does not.
  var isOfRun: Bool {
    ![Section.logging, .persistence, .exchange, .live, .sandbox].contains { $0.name == section }
  }
  /// Whether the value is that of the declaration, even if somebody gave it.
  public var isDefault: Bool {
    (try? ParameterValue(parameter.defaultText, for: parameter)) == value
  }
}

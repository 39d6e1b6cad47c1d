/// An option of a subcommand, as it is declared, parsed and explained.
struct Option: Hashable, Sendable {
  /// Its names, the long one first: `--config`, `-c`.
  let names: [String]
  /// What its value is called in the help; `nil` for a flag without one.
  let value: String?
  /// Whether it may be given more than once.
  let isRepeatable: Bool
  /// Whether the command cannot do without it.
  let isRequired: Bool
  /// One or two sentences for the help.
  let help: String

  init(
    _ names: String..., value: String? = nil, isRepeatable: Bool = false, isRequired: Bool = false,
    help: String
  ) {
    self.names = names
    self.value = value
    self.isRepeatable = isRepeatable
    self.isRequired = isRequired
    self.help = help
  }

  /// The name by which code asks for it.
  var key: String { names[0] }
}

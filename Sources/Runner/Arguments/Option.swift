/// An option of a subcommand, as it is declared, parsed, explained and completed.
struct Option: Hashable, Sendable {
  /// Its names, the long one first: `--config`, `-c`.
  let names: [String]
  /// What its value is called in the help; `nil` for a flag without one.
  let value: String?
  /// Whether it may be given more than once.
  let isRepeatable: Bool
  /// Whether the command cannot do without it.
  let isRequired: Bool
  /// What a shell offers for its value.
  let choices: ValueChoices
  /// One or two sentences for the help.
  private(set) var help: String
  /// Under which title the help lists it.
  private(set) var title = "Options"

  /// Declares an option; the value of one that takes a `FILE` or `FOLDER` is completed as such.
  init(
    _ names: String..., value: String? = nil, isRepeatable: Bool = false, isRequired: Bool = false,
    choices: ValueChoices? = nil, help: String
  ) {
    self.names = names
    self.value = value
    self.isRepeatable = isRepeatable
    self.isRequired = isRequired
    self.choices = choices ?? ValueChoices(named: value)
    self.help = help
  }

  /// The name by which code asks for it.
  var key: String { names[0] }

  /// The same under another title.
  func titled(_ title: String) -> Option {
    var other = self
    other.title = title
    return other
  }

  /// The same with other words in the help.
  func explained(_ help: String) -> Option {
    var other = self
    other.help = help
    return other
  }
}

/// What a shell offers where a value is to be typed.
enum ValueChoices: Hashable, Sendable {
  /// A number or a name, which nobody can foresee.
  case nothing
  case files
  case folders
  /// One of these; a word that ends in `=` is the beginning of one.
  case words([String])
  /// The strategies of the program.
  case strategies
  /// `key=value`, for every key of the configuration.
  case settings

  /// What the name of a value in the help says of it.
  init(named name: String?) {
    switch name {
    case "FILE", "RESULT.json": self = .files
    case "FOLDER": self = .folders
    default: self = .nothing
    }
  }
}

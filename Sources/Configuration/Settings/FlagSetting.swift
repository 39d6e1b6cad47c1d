/// A command-line flag that sets a key, such as `--cash 500` for `simulation.cash`.
public struct FlagSetting: Hashable, Sendable {
  /// The flag as the user wrote it, such as `--cash`.
  public let flag: String
  /// The key it sets, such as `simulation.cash`.
  public let key: String
  /// The text of the value.
  public let value: String

  /// What `flag` sets.
  public init(_ flag: String, sets key: String, to value: String) {
    self.flag = flag
    self.key = key
    self.value = value
  }
}

import Configuration
import Strategy

extension StrategyKeys {
  static let confluence = StrategyKeys(ConfluenceStrategy.self)
  static let cross = StrategyKeys(MovingAverageCrossStrategy.self)

  /// One that does not exist, with few keys.
  static let breakout = StrategyKeys(
    name: "breakout", summary: "the highest close of many",
    parameters: [
      Parameter(
        "lookback", .integer(Bounds(1...1000)), default: "20", help: "candles that are looked at")
    ],
    exitParameters: [
      Parameter(
        "patience", .integer(Bounds(0...1000)), default: "5", help: "candles a position is held")
    ])
}

/// The settings of one file called `a.yaml` and these `--set`s.
func load(
  _ text: String = "", sets: [String] = [], pairs: [String] = []
) throws(ConfigurationError) -> Settings {
  try load([ConfigurationFile(name: "a.yaml", bytes: Array(text.utf8))], sets: sets, pairs: pairs)
}

/// The settings of these files, `--set`s and flags.
func load(
  _ files: [ConfigurationFile], sets: [String] = [], flags: [FlagSetting] = [], pairs: [String] = []
) throws(ConfigurationError) -> Settings {
  try Settings(
    files: files, sets: sets, flags: flags, pairs: pairs, strategies: [.confluence, .breakout])
}

/// What `load` complains about; empty if it does not.
func complaint(_ text: String = "", sets: [String] = [], pairs: [String] = []) -> String {
  complaint(Array(text.utf8), sets: sets, pairs: pairs)
}

/// What `load` complains about in a file of these bytes.
func complaint(_ bytes: [UInt8], sets: [String] = [], pairs: [String] = []) -> String {
  do {
    _ = try load([ConfigurationFile(name: "a.yaml", bytes: bytes)], sets: sets, pairs: pairs)
    return ""
  } catch {
    return error.description
  }
}

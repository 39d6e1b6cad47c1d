import Configuration
import Market
import Strategy

extension StrategyKeys {
  /// The keys of SEMANTICS 4.1 and 5.1; the strategy itself lives elsewhere.
  static let confluence = StrategyKeys(
    name: "confluence", summary: "RSI, MACD and VWAP agree that a fall is over",
    parameters: [
      Parameter(
        "rsi_period", .integer(Bounds(1...1000)), default: "14", help: "candles the RSI averages"),
      Parameter(
        "rsi_oversold", .number(Bounds(0...100)), default: "30",
        help: "the RSI at or below which the market is oversold"),
      Parameter(
        "macd_fast", .integer(Bounds(1...1000)), default: "12",
        help: "candles of the MACD's fast average"),
      Parameter(
        "macd_slow", .integer(Bounds(2...1000)), default: "26",
        help: "candles of the MACD's slow average, more than macd_fast"),
      Parameter(
        "macd_signal", .integer(Bounds(1...1000)), default: "9",
        help: "candles of the MACD's signal line"),
      Parameter(
        "window", .integer(Bounds(1...1000)), default: "12",
        help: "how many candles back the RSI and the MACD may have turned"),
      Parameter(
        "vwap_discount", .rate(Bounds(.included(0), .excluded(1))), default: "0",
        help: "how far below the VWAP the close must be, as a fraction"),
      Parameter(
        "entry_offset", .rate(Bounds(.included(0), .excluded(1))), default: "0.0005",
        help: "how far below the close the limit buy is placed, as a fraction"),
      Parameter(
        "entry_ttl", .integer(Bounds(1...100_000)), default: "3",
        help: "candles an unfilled entry lives"),
      Parameter(
        "cooldown", .integer(Bounds(0...100_000)), default: "0",
        help: "candles between an exit and the next entry"),
      Parameter(
        "post_only", .flag, default: "false",
        help: "whether the exchange is to refuse an entry rather than fill it as taker"),
    ],
    exitParameters: RatchetExit.parameters
  ) { strategy, _ throws(ParameterError) in
    guard strategy.integer("macd_fast") < strategy.integer("macd_slow") else {
      throw .contradiction(key: "macd_fast", rule: "must be less than macd_slow")
    }
  }

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
func load(_ text: String = "", sets: [String] = []) throws(ConfigurationError) -> Settings {
  try load([ConfigurationFile(name: "a.yaml", bytes: Array(text.utf8))], sets: sets)
}

/// The settings of these files, `--set`s and flags.
func load(
  _ files: [ConfigurationFile], sets: [String] = [], flags: [FlagSetting] = []
) throws(ConfigurationError) -> Settings {
  try Settings(files: files, sets: sets, flags: flags, strategies: [.confluence, .breakout])
}

/// What `load` complains about; empty if it does not.
func complaint(_ text: String = "", sets: [String] = []) -> String {
  complaint(Array(text.utf8), sets: sets)
}

/// What `load` complains about in a file of these bytes.
func complaint(_ bytes: [UInt8], sets: [String] = []) -> String {
  do {
    _ = try load([ConfigurationFile(name: "a.yaml", bytes: bytes)], sets: sets)
    return ""
  } catch {
    return error.description
  }
}

/// Random numbers that a seed repeats: Vigna's splitmix64.
struct SplitMix64: RandomNumberGenerator {
  var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

import Configuration
import Market
import Reporting
import Simulator
import Strategy

/// `runner data synth`: made-up candles, the same for the same seed.
enum DataSynthCommand {
  /// What can be asked for: declared like settings, so that one parser checks both.
  private static let parameters = [
    Parameter(
      "seed", .integer(Bounds(0...Int.max)), default: "1",
      help: "which of all possible markets"),
    Parameter(
      "count", .integer(Bounds(1...50_000_000)), default: "20000", help: "how many candles"),
    Parameter(
      "start", .integer(Bounds(0...4_000_000_000)), default: "1704067200",
      help: "the first candle's start, in seconds since 1970, UTC"),
    Parameter(
      "interval", .integer(Bounds(3...604_800)), default: "300",
      help: "the candles' length in seconds"),
    Parameter("price", .price, default: "40000", help: "the first price"),
    Parameter("tick", .price, default: "0.01", help: "the step of prices"),
    Parameter(
      "volatility", .number(Bounds(.included(0), .excluded(1))), default: "0.002",
      help: "how far a candle moves, as a fraction of the price"),
    Parameter(
      "drift", .number(Bounds(.excluded(-1), .excluded(1))), default: "0",
      help: "where prices tend, as a fraction a candle"),
    Parameter(
      "volume", .quantity(Bounds(.included(0), .included(1_000_000_000))), default: "10",
      help: "the mean volume of a candle"),
    Parameter(
      "gaps", .number(Bounds(.included(0), .excluded(1))), default: "0.001",
      help: "how likely candles are missing before a candle"),
    Parameter(
      "dead", .number(Bounds(.included(0), .excluded(1))), default: "0.001",
      help: "how likely a candle has no volume"),
  ]

  static let subcommand = Subcommand(
    words: ["data", "synth"], summary: "make up candles from a seed, the same on every machine",
    options: [
      Option("--output", "-o", value: "FILE", help: "Where to write; standard output otherwise."),
      JSONTarget.option("what was made"),
    ]
      + parameters.map {
        Option(
          "--\($0.name)", value: "N",
          help: HelpText.sentence("\($0.help); \($0.kind) [\($0.defaultText)]"))
      }, run: run)

  private static func run(_ program: Program, _ invocation: Invocation) throws {
    var values = Parameters(parameters)
    for parameter in parameters {
      guard let text = invocation.value("--\(parameter.name)") else { continue }
      do { try values.set(parameter.name, to: text) } catch {
        throw UsageError.invalid(
          option: "--\(parameter.name)", value: text, expected: parameter.kind.description)
      }
    }
    let interval = values.integer("interval")
    let start = values.integer("start")
    guard start % interval == 0 else {
      throw UsageError.invalid(
        option: "--start", value: "\(start)",
        expected: "a multiple of the interval of \(interval) s")
    }
    let (price, tick) = (values.price("price"), values.price("tick"))
    guard price.steps % tick.steps == 0 else {
      throw UsageError.invalid(
        option: "--price", value: "\(price)", expected: "a multiple of the tick of \(tick)")
    }
    let candles = SyntheticCandles(
      .init(
        seed: UInt64(values.integer("seed")), count: values.integer("count"),
        start: Timestamp(seconds: Int64(start)), interval: TimeSpan(seconds: Int64(interval)),
        startPrice: price, tick: tick,
        volatility: values.number("volatility"), drift: values.number("drift"),
        meanVolume: values.quantity("volume"), gapProbability: values.number("gaps"),
        zeroVolumeProbability: values.number("dead")))
    let path = invocation.value("--output") ?? "-"
    let target = try JSONTarget(invocation, besides: [(path, "that of the candles (--output)")])
    var output = try CandleOutput.open(path, isHashed: target != nil)
    for candle in candles { try output.write(candle) }
    try output.finish()
    guard let target else { return }
    var json = JSONWriter()
    json.beginDocument("ratchet-data-synth 1", by: program.identity)
    output.describe(to: &json)
    json.key("parameters")
    json.beginObject()
    for parameter in parameters {
      json.member(parameter.name, values[parameter.name].description)
    }
    json.endObject()
    json.endObject()
    try target.write(json.bytes)
    target.announce()
  }
}

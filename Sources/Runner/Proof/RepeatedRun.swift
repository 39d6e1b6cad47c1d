import Configuration
import Market
import Reporting
import Simulator

/// The run of a result file, set up again from its manifest.
struct RepeatedRun {
  /// Why it cannot be set up: each a difference between then and now.
  struct Refusal: Error, Hashable {
    let differences: [ResultComparison.Difference]
  }

  let strategy: StrategyEntry
  let settings: Settings
  /// Those of each pair, in the order of registration.
  let candles: [PairCandles]
  /// What the user should know.
  let notes: [String]
  private let isOfOne: Bool

  /// Sets it up: finds the candles and checks that they are the same, then the strategy and settings.
  ///
  /// `csv` are the values of the option that says where the candles are now.
  ///
  /// - Throws: `Refusal` where something is no longer what it was, and what is wrong with a file.
  init(of result: ResultFile, csv: [String], by program: Program) throws {
    let manifest = result.manifest
    var options = try Self.readingOptions(of: result)
    let places = try CandlePlaces(of: result, csv)
    var notes: [String] = []
    var differences: [ResultComparison.Difference] = []
    for (input, path) in zip(manifest.inputs, places.paths) {
      let fingerprint = try FileIdentity(path: path).fingerprint()
      switch (input.data.sha256, fingerprint.sha256) {
      case (let recorded?, let now?):
        if recorded != now { differences += Self.differences(of: input.data, and: fingerprint) }
      case (nil, _):
        let whose = input.pair.map { " of \($0)" } ?? ""
        notes.append(
          "the candles\(whose) were piped, so the result does not say which file they were")
      case (_, nil):
        notes.append("\(path) is no file, so whether it holds the same candles was not checked")
      }
    }
    guard differences.isEmpty else { throw Refusal(differences: differences) }
    settings = try Self.settings(of: manifest, by: program)
    strategy = program.strategy(of: settings)
    options.interval = settings.simulation.interval
    var candles: [PairCandles] = []
    for (index, path) in places.paths.enumerated() {
      let simulation =
        settings.pairs.isEmpty ? settings.simulation : settings.pairs[index].simulation
      options.skipsBadRows = simulation.skipsBadRows
      candles.append(
        PairCandles(source: path, file: try Self.candles(path, options, of: result)))
    }
    self.candles = candles
    isOfOne = settings.pairs.isEmpty
    let unknown = settings.ofRun.map(\.key).filter { manifest[$0] == nil }
    if !unknown.isEmpty {
      notes.append(
        "settings that the result does not name are at their defaults: "
          + unknown.joined(separator: ", "))
    }
    self.notes = notes
  }

  /// What is to be played; of a run of one pair as a portfolio of one.
  var plan: PortfolioPlan {
    guard isOfOne else { return PortfolioRun(strategy, settings, candles).plan }
    var plan = BacktestPlan(settings)
    plan.warmUp = candles[0].file.warmUp
    return PortfolioPlan(plan)
  }

  /// Plays it.
  func play() throws -> PlayedRun { try play(candles, withIndicators: true) }

  /// Plays it up to a time: the candles that have closed by then, and nothing of the next ones.
  func play(until time: Timestamp) throws -> PortfolioResult {
    let interval = settings.simulation.interval
    let earlier = candles.map { pair in
      var pair = pair
      let count = pair.file.candles.prefix { $0.start + interval <= time }.count
      pair.file.candles.removeSubrange(count...)
      pair.file.warmUp = min(pair.file.warmUp, count)
      return pair
    }
    return try play(earlier, withIndicators: false).portfolio(limits: settings.limits)
  }

  private func play(_ candles: [PairCandles], withIndicators: Bool) throws -> PlayedRun {
    guard isOfOne else {
      return .several(
        try PortfolioRun(strategy, settings, candles).play(withIndicators: withIndicators))
    }
    let run = BacktestRun(strategy, settings, candles[0].file, source: candles[0].source)
    return .one(try run.play(withIndicators: withIndicators))
  }

  private static func readingOptions(
    of result: ResultFile
  ) throws(ResultFileError) -> CandleFileOptions {
    let reading = result.manifest.reading
    var options = CandleFileOptions()
    for column in reading.columns {
      guard let name = CandleColumn(rawValue: column.key) else {
        throw ResultFileError(
          path: result.path, problem: .manifest("there is no column '\(column.key)'"))
      }
      options.columns[name] = column.value
    }
    if let word = reading.timeUnit {
      guard let unit = TimeUnit(rawValue: word) else {
        throw ResultFileError(
          path: result.path, problem: .manifest("there is no time unit '\(word)'"))
      }
      options.timeUnit = unit
    }
    if let word = reading.delimiter {
      guard let delimiter = Delimiter(rawValue: word) else {
        throw ResultFileError(
          path: result.path, problem: .manifest("there is no delimiter '\(word)'"))
      }
      options.delimiter = delimiter
    }
    return options
  }

  /// The candles of the time range of then.
  private static func candles(
    _ path: String, _ options: CandleFileOptions, of result: ResultFile
  ) throws -> CandleFile {
    let file = try CandleFile.read(path: path, options: options)
    guard let text = result.manifest.timeRange else { return file }
    let range: TimeRange
    do throws(TimeRangeError) { range = try TimeRange(text) } catch {
      throw ResultFileError(path: result.path, problem: .manifest(error.description))
    }
    return try file.cut(to: range, interval: options.interval, name: path)
  }

  private static func differences(
    of recorded: Manifest.DataFile, and now: Manifest.DataFile
  ) -> [ResultComparison.Difference] {
    let size =
      recorded.bytes == now.bytes
      ? []
      : [
        ResultComparison.Difference(
          section: "data", place: "bytes of \(now.path)",
          recorded: recorded.bytes.map(String.init) ?? "unknown",
          now: now.bytes.map(String.init) ?? "unknown")
      ]
    return [
      ResultComparison.Difference(
        section: "data", place: "SHA-256 of \(now.path)", recorded: recorded.sha256 ?? "unknown",
        now: now.sha256 ?? "unknown")
    ] + size
  }

  /// The settings of then, checked as those of a command line are.
  ///
  /// - Throws: `Refusal` where this program would not take them.
  static func settings(
    of manifest: RecordedManifest, by program: Program
  ) throws -> Settings {
    let names = program.strategies.map(\.name)
    guard names.contains(manifest.strategy) else {
      throw Refusal(differences: [
        .init(
          section: "strategy", recorded: manifest.strategy,
          now: "not in this program, which has \(names.joined(separator: ", "))")
      ])
    }
    do throws(ConfigurationError) {
      return try Settings(
        sets: manifest.settings.map { "\($0.key)=\($0.value)" }
          + manifest.inputs.flatMap { input in
            input.settings.map { "\(input.pair ?? ""):\($0.key)=\($0.value)" }
          },
        pairs: manifest.inputs.compactMap(\.pair), strategies: program.strategyKeys)
    } catch {
      throw Refusal(
        differences: error.problems.map { problem in
          .init(section: "settings", recorded: "taken", now: "refused: \(problem)")
        })
    }
  }
}

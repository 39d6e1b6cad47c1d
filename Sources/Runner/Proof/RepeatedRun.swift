import Configuration
import Glibc
import Market
import Reporting
import Simulator

/// The run of a result file, set up again from its manifest.
struct RepeatedRun {
  /// Why it cannot be set up: each a difference between then and now.
  struct Refusal: Error, Hashable {
    let differences: [ResultComparison.Difference]
  }

  let run: BacktestRun
  let strategy: StrategyEntry
  let settings: Settings
  let candles: CandleFile
  /// What the user should know.
  let notes: [String]

  /// Sets it up: finds the candles and checks that they are the same, then the strategy and settings.
  ///
  /// `csv` is where the candles are now; `nil` for where they were, or beside the result.
  ///
  /// - Throws: `Refusal` where something is no longer what it was, and what is wrong with a file.
  init(of result: ResultFile, csv: String?, by program: Program) throws {
    let manifest = result.manifest
    let options = try Self.readingOptions(of: result)
    let path = try csv ?? Self.findCandles(of: result)
    let identity = FileIdentity(path: path)
    let fingerprint = try identity.fingerprint()
    var notes: [String] = []
    switch (manifest.data.sha256, fingerprint.sha256) {
    case (let recorded?, let now?):
      guard recorded == now else {
        throw Refusal(differences: Self.differences(of: manifest.data, and: fingerprint))
      }
    case (nil, _):
      notes.append("the candles were piped, so the result does not say which file they were")
    case (_, nil):
      notes.append("\(path) is no file, so whether it holds the same candles was not checked")
    }
    settings = try Self.settings(of: manifest, by: program)
    strategy = program.strategy(of: settings)
    var reading = options
    reading.interval = settings.simulation.interval
    reading.skipsBadRows = settings.simulation.skipsBadRows
    candles = try Self.candles(path, reading, of: result)
    run = BacktestRun(strategy, settings, candles, source: path)
    let unknown = settings.ofRun.map(\.key).filter { manifest[$0] == nil }
    if !unknown.isEmpty {
      notes.append(
        "settings that the result does not name are at their defaults: "
          + unknown.joined(separator: ", "))
    }
    self.notes = notes
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

  /// Where the candles were, seen from here; failing that, a file of that name beside the result.
  private static func findCandles(of result: ResultFile) throws(ResultFileError) -> String {
    let data = result.manifest.data
    guard data.sha256 != nil else {
      throw ResultFileError(path: result.path, problem: .candlesPiped(data.path))
    }
    if access(data.path, R_OK) == 0 { return data.path }
    let cause = SystemError(number: errno)
    let folder = result.path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
    let beside = (folder + [data.name[...]]).joined(separator: "/")
    guard access(beside, R_OK) == 0 else {
      throw ResultFileError(path: result.path, problem: .candlesMissing(data.path, cause))
    }
    return beside
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
  private static func settings(of manifest: Manifest, by program: Program) throws -> Settings {
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
        sets: manifest.settings.map { "\($0.key)=\($0.value)" }, strategies: program.strategyKeys)
    } catch {
      throw Refusal(
        differences: error.problems.map { problem in
          .init(section: "settings", recorded: "taken", now: "refused: \(problem)")
        })
    }
  }
}

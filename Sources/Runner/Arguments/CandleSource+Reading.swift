import Configuration
import Market
import Reporting
import Simulator
import Telemetry

extension CandleSource {
  /// Files in the order of registration, each with its pair.
  ///
  /// - Parameters:
  ///   - sources: What the command line names.
  ///   - settings: Those of the run, with its pairs.
  ///   - option: Which option names them.
  /// - Returns: The files.
  /// - Throws: `UsageError` of a file without a pair where there are several.
  static func match(
    _ sources: [CandleSource], _ settings: Settings, option: String = "--csv"
  ) throws(UsageError) -> [CandleSource] {
    guard let first = sources.first, first.pair == nil, !settings.pairs.isEmpty else {
      return settings.pairs.compactMap { pair in sources.first { $0.pair == pair.name } }
        + sources.filter { $0.pair == nil }
    }
    guard settings.pairs.count == 1 else {
      throw .refused(
        option: option,
        why: "the configuration has \(settings.pairs.count) pairs, and '\(first.path)' names none: "
          + "write \(option) \(settings.pairs[0].name)=FILE, and so on for each")
    }
    return [CandleSource(pair: settings.pairs[0].name, path: first.path)]
  }

  /// Reads the candles of a file, and says what is odd about them and no reason to refuse them.
  ///
  /// - Parameters:
  ///   - options: How files are read.
  ///   - settings: Those of the run; a pair may have its own way with bad rows.
  ///   - timeRange: The part of the file that is wanted; `nil` for all of it.
  ///   - log: Who hears what is odd.
  /// - Returns: The candles.
  /// - Throws: `CandleFileError` where they cannot be used.
  func read(
    _ options: CandleFileOptions, _ settings: Settings, _ timeRange: TimeRange?, _ log: CommandLog
  ) throws(CandleFileError) -> CandleFile {
    let csv = path
    var candles = options
    if let pair = settings.pairs.first(where: { $0.name == pair }) {
      candles.skipsBadRows = pair.simulation.skipsBadRows
    }
    let watch = Stopwatch()
    let size = FileIdentity.size(of: csv)
    let bar = size.flatMap { ProgressBar("reading", total: $0, unit: "bytes") }
    let file = try CandleFile.read(
      path: csv,
      goesOn: { done in
        bar?.show(done)
        return Interruption.signal == nil
      }, options: candles)
    bar?.erase()
    let seconds = watch.seconds
    log.logger.info(
      "read candles",
      [
        "file": "\(csv)", "candles": LogValue(file.candles.count), "seconds": LogValue(seconds),
        "megabytes_per_second": LogValue(FileIdentity(path: csv).megabytes / seconds),
      ])
    if let first = file.quality.bad.first {
      let count = file.quality.badRows
      let skipped = count == 1 ? "Skipped this row." : "Skipped \(count) rows, this one first."
      log.logger.warn(
        "\(csv):\(first.line): \(first.reason). \(skipped)",
        ["file": "\(csv)", "line": LogValue(first.line), "skipped": LogValue(count)])
    }
    if let step = file.usualStep, step != candles.interval {
      log.logger.warn(
        "\(csv): most candles are \(step.seconds) s apart, and the interval is "
          + "\(candles.interval.seconds) s. If they are candles of \(step.seconds) s, pass "
          + "--interval \(step.seconds)",
        [
          "file": "\(csv)", "usual_step": LogValue(step.seconds),
          "interval": LogValue(candles.interval.seconds),
        ])
    }
    guard let timeRange else { return file }
    return try file.cut(to: timeRange, interval: candles.interval, name: csv)
  }
}

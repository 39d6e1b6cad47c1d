import Configuration
import Execution
import Market
import Reporting
import Telemetry

/// What is written about a run: files first, then the screen.
///
/// So a file that cannot be written is known before a word has been said, and what is on the
/// screen is about a run that is wholly there.
struct BacktestOutput {
  private let arguments: BacktestArguments
  private let program: Program
  private let sources: [FileIdentity]
  private let log: CommandLog

  /// The outputs that a command line asks for.
  ///
  /// `sources` are the files of candles as they were before they were read.
  init(
    _ arguments: BacktestArguments, _ program: Program, _ sources: [FileIdentity],
    _ log: CommandLog
  ) {
    self.arguments = arguments
    self.program = program
    self.sources = sources
    self.log = log
  }

  /// Writes them all.
  func write(_ result: RunResult) throws {
    if let folder = arguments.freqtrade { try exportFreqtrade(result, to: folder) }
    if let target = arguments.json { try writeJSON(result, to: target) }
    if let target = arguments.html { try writePage(result, to: target) }
    if arguments.json == "-" || arguments.html == "-" { return }
    try Output.data(ConsoleSummary(result, breakdowns: arguments.breakdowns).description)
    if arguments.listsTrades { try Output.data("\n" + TradesTable(result).description) }
    for target in [arguments.json, arguments.html] {
      if let target { log.notice("wrote \(target)", ["file": "\(target)"]) }
    }
    if let folder = arguments.freqtrade { Output.message("wrote three files to \(folder)") }
  }

  /// Writes them all, of several pairs.
  func write(_ result: PortfolioResult) throws {
    try writeFiles(result)
    if arguments.json == "-" || arguments.html == "-" { return }
    try Output.data(PortfolioSummary(result, breakdowns: arguments.breakdowns).description)
    if arguments.listsTrades { try Output.data("\n" + TradesTable(result).description) }
    for target in [arguments.json, arguments.html] {
      if let target { log.notice("wrote \(target)", ["file": "\(target)"]) }
    }
  }

  /// Writes the files of a run of several pairs.
  func writeFiles(_ result: PortfolioResult) throws {
    if let target = arguments.json { try writeJSON(result, to: target) }
    if let target = arguments.html { try writePage(result, to: target) }
  }

  private func writeJSON(_ result: RunResult, to target: String) throws {
    var output = try OutputFile(target)
    let document = ResultDocument(
      result, manifest: try manifest(of: result), includesEquity: arguments.includesEquity)
    try document.write { bytes throws(OutputError) in try output.write(bytes) }
    try output.finish()
  }

  private func writeJSON(_ result: PortfolioResult, to target: String) throws {
    var output = try OutputFile(target)
    let document = PortfolioDocument(
      result, manifest: try manifest(of: result), includesEquity: arguments.includesEquity)
    try document.write { bytes throws(OutputError) in try output.write(bytes) }
    try output.finish()
  }

  private func writePage(_ result: RunResult, to target: String) throws {
    var output = try OutputFile(target)
    let page = ReportPage(result, manifest: try manifest(of: result))
    try page.write { bytes throws(OutputError) in try output.write(bytes) }
    try output.finish()
  }

  private func writePage(_ result: PortfolioResult, to target: String) throws {
    var output = try OutputFile(target)
    let page = PortfolioPage(result, manifest: try manifest(of: result))
    try page.write { bytes throws(OutputError) in try output.write(bytes) }
    try output.finish()
  }

  private func exportFreqtrade(_ result: RunResult, to folder: String) throws {
    try OutputFile.makeFolder(folder)
    for file in FreqtradeExport(result, manifest: try manifest(of: result)).files {
      var output = try OutputFile("\(folder)/\(file.name)")
      try output.write(file.bytes)
      try output.finish()
    }
  }

  /// What it takes to make a run again.
  func manifest(of result: RunResult) throws(FileIdentityError) -> Manifest {
    try manifest(result.settings)
  }

  private func manifest(
    of result: PortfolioResult
  ) throws(FileIdentityError) -> PortfolioManifest {
    try portfolioManifest(result.settings)
  }

  /// What it takes to make the run again, before it is made.
  func manifest() throws(FileIdentityError) -> RecordedManifest {
    let settings = arguments.settings
    guard settings.pairs.isEmpty else {
      return .several(try portfolioManifest(settings.ofRun.map(RunResult.Setting.init)))
    }
    return .one(try manifest(settings.common.ofRun.map(RunResult.Setting.init)))
  }

  private func manifest(
    _ settings: [RunResult.Setting]
  ) throws(FileIdentityError) -> Manifest {
    Manifest(
      program: program.identity, data: try sources[0].fingerprint(),
      reading: Manifest.Reading(arguments.candles),
      timeRange: arguments.timeRange?.description, settings: settings)
  }

  private func portfolioManifest(
    _ settings: [RunResult.Setting]
  ) throws(FileIdentityError) -> PortfolioManifest {
    var pairs: [PortfolioManifest.Pair] = []
    for (pair, source) in zip(arguments.settings.pairs, sources) {
      pairs.append(
        PortfolioManifest.Pair(
          name: pair.name, data: try source.fingerprint(),
          settings: pair.own.map(RunResult.Setting.init)))
    }
    return PortfolioManifest(
      program: program.identity, pairs: pairs, reading: Manifest.Reading(arguments.candles),
      timeRange: arguments.timeRange?.description, settings: settings)
  }
}

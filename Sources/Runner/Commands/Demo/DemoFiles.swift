import Simulator

/// Where the files of `runner demo` are.
struct DemoFiles {
  static let settingsName = "portfolio.yaml"

  let folder: String

  private var candles: String { "\(folder)/candles" }
  private var settings: String { "\(folder)/\(Self.settingsName)" }
  var json: String { "\(folder)/result.json" }
  var report: String { "\(folder)/report.html" }

  /// The words of the command line that makes the run from them.
  var arguments: [String] {
    ["--csv", candles, "-c", settings, "--json", json, "--html", report]
  }

  /// The command line, in as many lines of a shell as fit a terminal.
  func commandLine(of program: String) -> [String] {
    var lines = ["  \(program) backtest --csv \(candles)"]
    for (option, value) in [("-c", settings), ("--json", json), ("--html", report)] {
      lines[lines.count - 1] += " \\"
      lines.append("    \(option) \(value)")
    }
    return lines
  }

  /// Writes a file of candles for each pair, and makes the folders for them.
  func writeCandles() throws(OutputError) {
    try OutputFile.makeFolders(candles)
    for market in DemoMarket.all {
      var output = try OutputFile("\(candles)/\(market.pair).csv")
      try CandleWriter.write(market.candles) { bytes throws(OutputError) in
        try output.write(bytes)
      }
      try output.finish()
    }
  }

  /// Writes the file of settings.
  func writeSettings() throws(OutputError) {
    var output = try OutputFile(settings)
    try output.write(DemoMarket.configuration.utf8)
    try output.finish()
  }
}

import Simulator

/// Where the files of `runner demo` are.
struct DemoFiles {
  static let settingsName = "portfolio.yaml"

  let folder: String

  private var candles: String { "\(folder)/candles" }
  private var settings: String { "\(folder)/\(Self.settingsName)" }
  var json: String { "\(folder)/result.json" }

  /// The words of the command line that makes the run from them.
  var arguments: [String] {
    ["--csv", candles, "-c", settings, "--json", json]
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

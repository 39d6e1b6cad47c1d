import Foundation
import Market
import Simulator

// Timings are for reading, never for passing or failing. Build for release:
// swift run --configuration release benchmarks engine [SCENARIO] [--csv FILE]

/// Ends the program with a word on how to call it.
func usage() -> Never {
  FileHandle.standardError.write(
    Data("usage: benchmarks [engine [SCENARIO] [--csv FILE]]\n".utf8))
  exit(2)
}

var words = Array(CommandLine.arguments.dropFirst())
var csv: String?
if let flag = words.firstIndex(of: "--csv") {
  guard flag + 1 < words.count else { usage() }
  csv = words[flag + 1]
  words.removeSubrange(flag...flag + 1)
}
guard words.count <= 2, words.isEmpty || words[0] == "engine" else { usage() }

// A year of 5-minute candles, the same in every run, unless a file is named.
let candles =
  try csv.map { try CandleFile.read(path: $0).candles }
  ?? Array(SyntheticCandles(.init(seed: 2018, count: 105_120)))
try EngineBenchmark(candles: candles, rounds: 21).run(only: words.count == 2 ? words[1] : "")

import Foundation

// Timings are for reading, never for passing or failing. Build for release:
// swift run --configuration release benchmarks
let words = Array(CommandLine.arguments.dropFirst())
guard words.isEmpty || (words[0] == "engine" && words.count <= 2) else {
  FileHandle.standardError.write(Data("usage: benchmarks [engine [STRATEGY]]\n".utf8))
  exit(2)
}
try EngineBenchmark.run(rounds: 21, only: words.count == 2 ? words[1] : "")

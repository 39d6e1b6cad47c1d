import Foundation

// Timings are for reading, never for passing or failing. Build for release:
// swift run --configuration release benchmarks --help

func fail(_ message: String) -> Never {
  FileHandle.standardError.write(Data("benchmarks: \(message)\n".utf8))
  exit(2)
}

let arguments: Arguments
do {
  arguments = try Arguments(Array(CommandLine.arguments.dropFirst()))
} catch {
  fail("\(error)\n\n\(Arguments.help)")
}
if arguments.wantsHelp {
  print(Arguments.help)
  exit(0)
}

do {
  var report = Report(isQuiet: arguments.json == "-")
  for suite in arguments.suites { try suite.run(arguments, &report) }
  if let target = arguments.json { try report.writeJSON(to: target) }
} catch {
  fail("\(error)")
}

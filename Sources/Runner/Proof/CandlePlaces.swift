import Glibc
import Reporting

/// Where the candles of a result are now: where they were, beside the result, or where `--csv` says.
struct CandlePlaces: Hashable {
  /// The option of a command that repeats a run.
  static let option = Option(
    "--csv", value: "FILE", isRepeatable: true,
    help: """
      Where the candles are now, if they are neither where they were nor beside the result. Of one \
      pair among several: PAIR=FILE, or a folder with the files of all.
      """)

  /// The files, in the order of the manifest's.
  let paths: [String]

  /// Finds them.
  ///
  /// - Parameters:
  ///   - result: Whose candles they are.
  ///   - values: Those of `--csv`.
  /// - Throws: `UsageError` where the values do not fit the result, `ResultFileError` where a file is
  ///   nowhere.
  init(of result: ResultFile, _ values: [String]) throws {
    let inputs = result.manifest.inputs
    var named: [String?] = inputs.map { _ in nil }
    switch result.manifest {
    case .one:
      guard values.count <= 1 else { throw UsageError.repeated("--csv") }
      named[0] = values.first
    case .several:
      let names = inputs.compactMap(\.pair)
      let isFromFolder = Set(
        try values.filter(CandleSource.isFolder).flatMap {
          try CandleSource.list([$0]).map(\.path)
        })
      for source in try CandleSource.list(values) {
        if let place = names.firstIndex(where: { $0 == source.pair }) {
          named[place] = source.path
        } else if source.pair == nil, names.count == 1 {
          named[0] = source.path
        } else if !isFromFolder.contains(source.path) {
          // A folder may well hold more pairs than the run had.
          throw UsageError.invalid(
            option: "--csv", value: source.pair.map { "\($0)=\(source.path)" } ?? source.path,
            expected: "PAIR=FILE with a pair of the result: \(names.joined(separator: ", "))")
        }
      }
    }
    var paths: [String] = []
    for (input, path) in zip(inputs, named) {
      paths.append(try path ?? Self.find(input, of: result))
    }
    self.paths = paths
  }

  /// Where the candles were, seen from here; failing that, a file of that name beside the result.
  private static func find(
    _ input: RecordedManifest.Input, of result: ResultFile
  ) throws(ResultFileError) -> String {
    let data = input.data
    guard data.sha256 != nil else {
      throw ResultFileError(
        path: result.path, problem: .candlesPiped(data.path, pair: input.pair))
    }
    if access(data.path, R_OK) == 0 { return data.path }
    let cause = SystemError(number: errno)
    let folder = result.path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
    let beside = (folder + [data.name[...]]).joined(separator: "/")
    guard access(beside, R_OK) == 0 else {
      throw ResultFileError(
        path: result.path, problem: .candlesMissing(data.path, pair: input.pair, cause))
    }
    return beside
  }
}

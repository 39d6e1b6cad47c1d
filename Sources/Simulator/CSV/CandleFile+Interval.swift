public import Market
import Reporting

extension CandleFile {
  /// The interval that a file seems to have: the step that most of its first candles are apart.
  ///
  /// - Parameters:
  ///   - path: Where the file is; the beginning is read, so a pipe would lose it.
  ///   - options: How to read it; their interval does not matter.
  /// - Returns: Whole seconds, or `nil` where no step has a majority or nothing can be read.
  public static func usualInterval(path: String, options: CandleFileOptions) -> TimeSpan? {
    // A date alone names a candle only at whole days, and nearly every other time is whole seconds.
    for grid in [1, 86_400] as [Int64] {
      var options = options
      options.interval = TimeSpan(seconds: grid)
      options.skipsBadRows = true
      var starts: [Timestamp] = []
      // What cannot be read at all is said by whoever reads the file next.
      _ = try? read(path: path, options: options) { piece in
        starts = piece.prefix(2000).map(\.start)
        return false
      }
      if let step = UsualStep.of(starts) { return step }
    }
    return nil
  }
}

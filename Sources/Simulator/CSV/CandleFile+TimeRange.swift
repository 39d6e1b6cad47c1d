public import Market
import Reporting

extension CandleFile {
  /// The file as a run over a time range needs it; SEMANTICS 9.
  ///
  /// Candles that start in the range are played. Those before it stay and warm the indicators
  /// (`warmUp`), those behind it are gone. Gaps and missing candles are those of the range; dropped
  /// rows and rounded volumes remain those of the whole file.
  ///
  /// - Parameters:
  ///   - range: What is to be played.
  ///   - interval: The candles' length.
  ///   - name: What errors call the file.
  /// - Returns: What is left.
  /// - Throws: Where no candle starts in the range; the error says which there are.
  public func cut(
    to range: TimeRange, interval: TimeSpan, name: String
  ) throws(CandleFileError) -> CandleFile {
    let first = range.start.map { start in index { $0 >= start } } ?? 0
    let end = range.end.map { end in index { $0 >= end } } ?? candles.count
    guard first < end else {
      throw CandleFileError(
        file: name, line: nil,
        problem: .noneInRange(range, first: candles.first?.start, last: candles.last?.start))
    }
    var part = CandleFile(candles: [], quality: quality)
    part.candles.reserveCapacity(end)
    part.candles += candles[..<first]
    part.quality.gaps = 0
    part.quality.missing = 0
    for candle in candles[first..<end] {
      // The way from the last candle before the range to the first one in it is no gap of it.
      if part.candles.count == first {
        part.candles.append(candle)
      } else {
        part.append(candle, interval: interval)
      }
    }
    part.warmUp = first
    part.timeRange = range
    return part
  }

  /// The index of the first candle whose start matches, as all behind it do; by bisection.
  private func index(where matches: (Timestamp) -> Bool) -> Int {
    var (low, high) = (0, candles.count)
    while low < high {
      let middle = (low + high) / 2
      if matches(candles[middle].start) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}

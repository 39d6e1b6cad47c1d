import Market

extension CandleRowParser {
  /// Reads rows in the form in which nearly all are written, until one is not.
  ///
  /// Such a row has no quote and no blank, whole numbers or ISO 8601 for times, and plain digits
  /// and points for the rest; it is valid, and one line ended by LF or CRLF. For it, this gives
  /// what libcsv and `parse` give, some ten times faster. At the first other one it stops: that
  /// one goes the long way, which accepts it or says what is wrong.
  ///
  /// - Parameters:
  ///   - bytes: As `CSVReader.takeRows` lends them, from the beginning of a row.
  ///   - delimiter: What separates fields.
  ///   - limit: The most rows to read.
  ///   - file: Gets the candles.
  /// - Returns: How many bytes and rows were read.
  package mutating func parsePlainRows(
    _ bytes: UnsafeRawBufferPointer, delimiter: UInt8, limit: Int, into file: inout CandleFile
  ) -> (bytes: Int, rows: Int) {
    // The first valid row settles the format of times; it goes the long way.
    guard let base = bytes.baseAddress, let first = previous else { return (0, 0) }
    let counts = times.counts
    let last = layout.count - 1
    var previous = first.nanoseconds
    var text = PlainText(at: base)
    var taken: (bytes: Int, rows: Int) = (0, 0)

    rows: while taken.rows < limit {
      var (start, volume): (Int64, Int128) = (0, 0)
      var (open, high, low, close): (Int64, Int64, Int64, Int64) = (0, 0, 0, 0)
      var isRounded = false
      for index in 0...last {
        switch layout[index] {
        case .time?:
          guard let time = plainTime(&text, counts, delimiter, isLast: index == last) else {
            break rows
          }
          start = time
        case .open?:
          guard let price = Self.plainPrice(&text) else { break rows }
          open = price
        case .high?:
          guard let price = Self.plainPrice(&text) else { break rows }
          high = price
        case .low?:
          guard let price = Self.plainPrice(&text) else { break rows }
          low = price
        case .close?:
          guard let price = Self.plainPrice(&text) else { break rows }
          close = price
        case .volume?:
          guard let (whole, steps) = text.decimal() else { break rows }
          isRounded = text.skipDigits()
          volume = Int128(whole) &* 100_000_000 &+ Int128(steps)
        case nil:
          guard text.field(until: delimiter, isLast: index == last) != nil else { break rows }
        }
        guard index == last ? text.skipLineEnd() : text.skip(delimiter) else { break rows }
      }
      // Most starts are one interval after the last, which is on the grid: no division.
      guard
        start > previous,
        start == previous + interval.nanoseconds || start % interval.nanoseconds == 0,
        low > 0, low <= open, low <= close, high >= open, high >= close
      else { break rows }
      file.append(
        Candle(
          start: Timestamp(nanoseconds: start), open: Price(steps: open), high: Price(steps: high),
          low: Price(steps: low), close: Price(steps: close), volume: Quantity(steps: volume)),
        interval: interval)
      previous = start
      if isRounded { roundedVolumes += 1 }
      taken = (text.position - base, taken.rows + 1)
    }
    self.previous = Timestamp(nanoseconds: previous)
    return taken
  }

  /// A start in nanoseconds.
  @inline(__always)
  private func plainTime(
    _ text: inout PlainText, _ counts: (range: ClosedRange<Int64>, length: Int64)?,
    _ delimiter: UInt8, isLast: Bool
  ) -> Int64? {
    if let (range, length) = counts {
      guard
        let number = text.wholeNumber(), let count = Int64(exactly: number), range.contains(count)
      else { return nil }
      return count &* length
    }
    guard let field = text.field(until: delimiter, isLast: isLast) else { return nil }
    // A bad time is refused the long way, with its reason.
    let time = try? times.parse(field.bindMemory(to: UInt8.self).span)
    return time?.time.nanoseconds
  }

  /// A price in steps of 1e-8, as large as `PlainDecimal` knows them.
  @inline(__always)
  private static func plainPrice(_ text: inout PlainText) -> Int64? {
    guard let (whole, steps) = text.decimal(), whole < 10_000_000_000 else { return nil }
    return Int64(truncatingIfNeeded: whole &* 100_000_000 &+ steps)
  }
}

package import Market

/// Turns the fields of one row into a valid candle, or says why it is none; SEMANTICS 2.2.
///
/// It knows nothing of quotes and lines, so that any splitter may feed it. A row counts only if it
/// is valid: a bad one changes neither the time that the next must exceed nor the time format.
package struct CandleRowParser: Sendable {
  /// Which field is what.
  package let columns: CandleColumns
  /// The grid.
  package let interval: TimeSpan
  /// Reads the times; its format is settled by the first valid row.
  package private(set) var times: CandleTimeParser
  /// The start of the last valid candle.
  package internal(set) var previous: Timestamp?
  /// How many volumes of valid candles were finer than 8 decimals, and rounded down.
  package internal(set) var roundedVolumes = 0
  /// What the fields of a row are, from left to right, for rows that are read without a splitter.
  let layout: [CandleColumn?]

  /// A parser that has seen no row yet.
  package init(columns: CandleColumns, interval: TimeSpan, timeUnit: TimeUnit? = nil) {
    self.columns = columns
    self.interval = interval
    times = CandleTimeParser(interval: interval, unit: timeUnit)
    layout = columns.layout
  }

  /// Reads a row.
  ///
  /// - Parameters:
  ///   - bytes: What the fields are part of.
  ///   - fields: Where in `bytes` each field is, without quotes and blanks around it.
  /// - Returns: The candle, which is valid.
  /// - Throws: The first rule that the row breaks.
  package mutating func parse(
    _ bytes: Span<UInt8>, fields: Span<Range<Int>>
  ) throws(CandleRowDefect) -> Candle {
    guard fields.count == columns.count else {
      throw .fieldCount(fields.count, header: columns.count)
    }
    let (start, format) = try times.parse(bytes.extracting(fields[columns.time]))
    guard start.nanoseconds % interval.nanoseconds == 0 else {
      throw .offGrid(start, interval: interval)
    }
    if let previous, start <= previous { throw .timeNotIncreasing(start, after: previous) }
    let (volume, isExact) = try quantity(bytes.extracting(fields[columns.volume]))
    let candle = Candle(
      start: start,
      open: try price(.open, bytes.extracting(fields[columns.open])),
      high: try price(.high, bytes.extracting(fields[columns.high])),
      low: try price(.low, bytes.extracting(fields[columns.low])),
      close: try price(.close, bytes.extracting(fields[columns.close])),
      volume: volume)
    if !isPlainlyValid(candle), let reason = candle.defect(interval: interval) {
      throw .invalid(reason)
    }
    previous = start
    times.settle(format)
    if !isExact { roundedVolumes += 1 }
    return candle
  }

  /// The time of a row whose other fields do not matter, or `nil` where it has none.
  package func time(_ bytes: Span<UInt8>, fields: Span<Range<Int>>) -> Timestamp? {
    guard columns.time < fields.count else { return nil }
    // The defect is of no interest to a caller that only looks for a pattern in the times.
    return try? times.parse(bytes.extracting(fields[columns.time])).time
  }

  /// `Candle.defect` is the judge; this only spares valid candles its loop.
  private func isPlainlyValid(_ candle: Candle) -> Bool {
    candle.low.steps > 0 && candle.low <= candle.open && candle.low <= candle.close
      && candle.high >= candle.open && candle.high >= candle.close && candle.volume.steps >= 0
  }

  private func price(
    _ column: CandleColumn, _ bytes: Span<UInt8>
  ) throws(CandleRowDefect) -> Price {
    if let steps = PlainDecimal.steps(bytes) { return Price(steps: steps) }
    do throws(DecimalError) {
      return try Price.parse(bytes, excess: .refuse).value
    } catch {
      throw defect(column, bytes, error)
    }
  }

  private func quantity(
    _ bytes: Span<UInt8>
  ) throws(CandleRowDefect) -> (value: Quantity, isExact: Bool) {
    if let steps = PlainDecimal.steps(bytes) { return (Quantity(steps: Int128(steps)), true) }
    let result: (value: Quantity, isExact: Bool)
    do throws(DecimalError) {
      result = try Quantity.parse(bytes, excess: .roundDown)
    } catch {
      throw defect(.volume, bytes, error)
    }
    // −1e-9 is cut to 0 and negative all the same.
    if !result.isExact, bytes[0] == UInt8(ascii: "-") {
      throw .invalid("its volume \(printable(bytes)) is negative")
    }
    return result
  }

  private func defect(
    _ column: CandleColumn, _ bytes: Span<UInt8>, _ error: DecimalError
  ) -> CandleRowDefect {
    bytes.isEmpty ? .empty(column) : .number(column, text: printable(bytes), error.problem)
  }
}

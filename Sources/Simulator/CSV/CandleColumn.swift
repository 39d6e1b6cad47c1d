/// A column that a file of candles must have.
public enum CandleColumn: String, CaseIterable, Hashable, Sendable, CustomStringConvertible {
  /// When the candle starts.
  case time
  /// The first price.
  case open
  /// The greatest price.
  case high
  /// The least price.
  case low
  /// The last price.
  case close
  /// What traded, in base units.
  case volume

  /// Its name, as `--column` takes it.
  public var description: String { rawValue }

  /// The headers under which it is known, in lower case.
  package var headers: [String] {
    switch self {
    case .time: ["timestamp", "time", "date", "datetime", "open_time", "start"]
    case .open, .high, .low, .close, .volume: [rawValue]
    }
  }
}

/// Which field of a row is what.
package struct CandleColumns: Hashable, Sendable {
  /// How many fields the header has, and so each row.
  package let count: Int
  package let time: Int
  package let open: Int
  package let high: Int
  package let low: Int
  package let close: Int
  package let volume: Int

  /// Finds the columns by their names, in any order, whatever else is there.
  ///
  /// Names are compared without regard to ASCII case and to blanks around them. A name from
  /// `overrides` is the only one looked for, and of two that differ in case the exact one wins.
  package init(
    header: [String], overrides: [CandleColumn: String] = [:]
  ) throws(CandleFileError.Problem) {
    func index(_ column: CandleColumn) throws(CandleFileError.Problem) -> Int {
      let wanted = overrides[column].map { [Self.folded($0)] } ?? column.headers
      var matches = header.indices.filter { wanted.contains(Self.folded(header[$0])) }
      if matches.count > 1, let exact = overrides[column] {
        let equal = matches.filter { header[$0] == exact }
        if equal.count == 1 { matches = equal }
      }
      guard let match = matches.first else {
        if overrides.isEmpty, Self.looksLikeData(header) { throw .noHeader }
        throw .missingColumn(column, wanted: overrides[column], header: header)
      }
      guard matches.count == 1 else {
        throw .ambiguousColumn(column, candidates: matches.map { header[$0] })
      }
      return match
    }
    count = header.count
    time = try index(.time)
    open = try index(.open)
    high = try index(.high)
    low = try index(.low)
    close = try index(.close)
    volume = try index(.volume)
  }

  /// The column of each field, `nil` where it is none of ours.
  package var layout: [CandleColumn?] {
    var layout = [CandleColumn?](repeating: nil, count: count)
    layout[time] = .time
    layout[open] = .open
    layout[high] = .high
    layout[low] = .low
    layout[close] = .close
    layout[volume] = .volume
    return layout
  }

  /// Whether a row has numbers and no name that a column could have.
  private static func looksLikeData(_ row: [String]) -> Bool {
    let known = CandleColumn.allCases.flatMap(\.headers)
    return row.contains { Double($0)?.isFinite == true }
      && !row.contains { known.contains(folded($0)) }
  }

  private static func folded(_ name: String) -> String {
    var bytes = Array(name.utf8)[...]
    while let first = bytes.first, first <= UInt8(ascii: " ") { bytes.removeFirst() }
    while let last = bytes.last, last <= UInt8(ascii: " ") { bytes.removeLast() }
    let lower = bytes.map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 | 0x20 : $0 }
    return String(decoding: lower, as: UTF8.self)
  }
}

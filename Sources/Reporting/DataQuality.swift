/// What was found out about a file of candles; SEMANTICS 2.
public struct DataQuality: Hashable, Sendable {
  /// A row that was dropped.
  public struct BadRow: Hashable, Sendable {
    /// The line of the file; the header is line 1.
    public var line: Int
    /// Why it is bad.
    public var reason: String

    /// A row and its defect.
    public init(line: Int, reason: String) {
      self.line = line
      self.reason = reason
    }
  }

  /// Breaks in the grid.
  public var gaps: Int
  /// Candles absent within them.
  public var missing: Int
  /// How many rows were dropped.
  public var badRows: Int
  /// The first ten of them.
  public var bad: [BadRow]
  /// How many volumes were finer than 8 decimals and were rounded down.
  public var roundedVolumes: Int

  /// Findings of these figures.
  public init(
    gaps: Int = 0, missing: Int = 0, badRows: Int = 0, bad: [BadRow] = [], roundedVolumes: Int = 0
  ) {
    self.gaps = gaps
    self.missing = missing
    self.badRows = badRows
    self.bad = bad
    self.roundedVolumes = roundedVolumes
  }
}

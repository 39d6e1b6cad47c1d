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

  /// How many rows were dropped for what; the sum is `badRows`.
  public struct Defects: Hashable, Sendable {
    /// Its start is that of the last valid candle.
    public var duplicate: Int
    /// Its start is before that of the last valid candle.
    public var outOfOrder: Int
    /// Its start is no multiple of the interval.
    public var offGrid: Int
    /// Its time cannot be read, or not in the unit of the others.
    public var badTime: Int
    /// A field is missing, empty or no number.
    public var unreadable: Int
    /// Its prices or its volume contradict each other.
    public var contradictory: Int

    /// So many of each.
    public init(
      duplicate: Int = 0, outOfOrder: Int = 0, offGrid: Int = 0, badTime: Int = 0,
      unreadable: Int = 0, contradictory: Int = 0
    ) {
      self.duplicate = duplicate
      self.outOfOrder = outOfOrder
      self.offGrid = offGrid
      self.badTime = badTime
      self.unreadable = unreadable
      self.contradictory = contradictory
    }
  }

  /// Breaks in the grid.
  public var gaps: Int
  /// Candles absent within them.
  public var missing: Int
  /// How many rows were dropped.
  public var badRows: Int
  /// For what they were dropped.
  public var defects: Defects
  /// The first ten of them.
  public var bad: [BadRow]
  /// How many volumes were finer than 8 decimals and were rounded down.
  public var roundedVolumes: Int

  /// Findings of these figures.
  public init(
    gaps: Int = 0, missing: Int = 0, badRows: Int = 0, defects: Defects = Defects(),
    bad: [BadRow] = [], roundedVolumes: Int = 0
  ) {
    self.gaps = gaps
    self.missing = missing
    self.badRows = badRows
    self.defects = defects
    self.bad = bad
    self.roundedVolumes = roundedVolumes
  }
}

public import Market

/// How long, and how much of, what a session held had a stop at the exchange.
public struct CoverageFigures: Hashable, Sendable {
  /// A time, and what stood in it.
  public struct Stretch: Hashable, Sendable {
    /// How long.
    public var span: TimeSpan
    /// The value × seconds in quote currency, exactly, as a decimal number.
    public var valueSeconds: String

    /// A stretch of these parts.
    public init(span: TimeSpan, valueSeconds: String) {
      self.span = span
      self.valueSeconds = valueSeconds
    }

    /// How long, as people read it: to the millisecond below a minute.
    public var duration: String { Display.exactDuration(seconds: Double(span.nanoseconds) / 1e9) }

    /// What stood in it, as people read it.
    func value(_ unit: String) -> String { "\(Display.fixed(Double(valueSeconds))) \(unit)·s" }
  }

  /// A reason for which there was no stop, and what it came to.
  public struct Cause: Hashable, Sendable {
    /// Its name, such as `ratchet`.
    public var name: String
    /// What was bare for it.
    public var bare: Stretch

    /// A reason of these parts.
    public init(name: String, bare: Stretch) {
      self.name = name
      self.bare = bare
    }
  }

  /// The share of the held value × time that had a stop, from 0 to 1; `nil` where nothing was held.
  public var coveredShare: Double?
  /// All that was held.
  public var held: Stretch
  /// All of it that was bare.
  public var bare: Stretch
  /// Every reason that there is, in its order.
  public var causes: [Cause]

  /// Figures of these parts.
  public init(coveredShare: Double?, held: Stretch, bare: Stretch, causes: [Cause]) {
    self.coveredShare = coveredShare
    self.held = held
    self.bare = bare
    self.causes = causes
  }

  /// A row for all that was held, one for what was bare, and one for each reason that there was.
  func table(_ unit: String) -> TextTable {
    func row(_ title: String, _ stretch: Stretch, _ share: String = "") -> [String] {
      [title, stretch.duration, stretch.value(unit), share]
    }
    return TextTable(
      columns: [
        .init("", isNumber: false), .init("Time"), .init("Value × time"), .init("Share"),
      ],
      rows: [
        row("held", held, ""),
        row("without a stop", bare, Display.percent(coveredShare.map { 1 - $0 })),
      ] + causes.filter { $0.bare.span.nanoseconds > 0 }.map { row("of it, \($0.name)", $0.bare) })
  }

  /// The lines of a sheet: the whole, what was bare, and why.
  func rows(unit: String) -> [SummarySheet.Row] {
    [
      SummarySheet.Row(
        label: "Covered", value: Display.percent(coveredShare),
        note: "of value × time, \(held.duration) held"),
      SummarySheet.Row(
        label: "Without a stop", value: bare.duration, note: bare.value(unit)),
    ]
      + causes.filter { $0.bare.span.nanoseconds > 0 }.map {
        SummarySheet.Row(
          label: "  \($0.name)", value: $0.bare.duration, note: $0.bare.value(unit))
      }
  }
}

extension SummarySheet {
  /// What had no working stop, and why.
  public mutating func coverage(_ coverage: CoverageFigures, _ unit: String) {
    title("Stop coverage")
    for line in coverage.rows(unit: unit) { row(line.label, line.value, line.note) }
  }
}

extension JSONWriter {
  /// Writes a member with what had no working stop, and why.
  public mutating func member(_ name: String, _ coverage: CoverageFigures) {
    key(name)
    beginObject(.lines)
    member("covered_share", coverage.coveredShare)
    member("held", coverage.held)
    member("bare", coverage.bare)
    key("by_cause")
    beginObject(.lines)
    for cause in coverage.causes { member(cause.name, cause.bare) }
    endObject()
    endObject()
  }

  private mutating func member(_ name: String, _ stretch: CoverageFigures.Stretch) {
    key(name)
    beginObject()
    member("seconds", Timestamp(nanoseconds: stretch.span.nanoseconds))
    member("value_seconds", stretch.valueSeconds)
    endObject()
  }
}

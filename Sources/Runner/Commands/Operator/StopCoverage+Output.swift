import Market
import Persistence
import Reporting

extension StopCoverage {
  /// Seconds as people read them: to the millisecond below a minute.
  static func seconds(_ seconds: Double) -> String {
    seconds.magnitude < 60
      ? Display.fixed(seconds, decimals: 3) + " s" : Display.duration(seconds: seconds)
  }
}

extension SummarySheet {
  /// What had no working stop, and why.
  mutating func coverage(_ coverage: StopCoverage, _ unit: String) {
    title("Stop coverage")
    row(
      "Covered", Display.percent(coverage.coveredShare),
      "of value × time, \(StopCoverage.seconds(coverage.held.seconds)) held")
    row(
      "Without a stop", StopCoverage.seconds(coverage.bare.seconds),
      Self.value(coverage.bare, unit))
    for cause in StopCoverage.Cause.allCases where coverage[cause].nanoseconds > 0 {
      let bare = coverage[cause]
      row("  \(cause.rawValue)", StopCoverage.seconds(bare.seconds), Self.value(bare, unit))
    }
  }

  private static func value(_ stretch: StopCoverage.Stretch, _ unit: String) -> String {
    "\(Display.fixed(Double(stretch.valueSeconds.description))) \(unit)·s"
  }
}

extension JSONWriter {
  /// Writes a member with what had no working stop, and why.
  mutating func member(_ name: String, _ coverage: StopCoverage) {
    key(name)
    beginObject(.lines)
    member("covered_share", coverage.coveredShare)
    member("held", coverage.held)
    member("bare", coverage.bare)
    key("by_cause")
    beginObject(.lines)
    for cause in StopCoverage.Cause.allCases { member(cause.rawValue, coverage[cause]) }
    endObject()
    endObject()
  }

  private mutating func member(_ name: String, _ stretch: StopCoverage.Stretch) {
    key(name)
    beginObject()
    member("seconds", Timestamp(nanoseconds: stretch.span.nanoseconds))
    member("value_seconds", stretch.valueSeconds.description)
    endObject()
  }
}

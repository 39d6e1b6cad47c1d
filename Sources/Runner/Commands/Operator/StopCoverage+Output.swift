import Market
import Persistence
import Reporting

extension CoverageFigures {
  /// What a store says of it.
  init(_ coverage: StopCoverage) {
    func stretch(_ stretch: StopCoverage.Stretch) -> Stretch {
      Stretch(span: stretch.span, valueSeconds: stretch.valueSeconds.description)
    }
    self.init(
      coveredShare: coverage.coveredShare, held: stretch(coverage.held),
      bare: stretch(coverage.bare),
      causes: StopCoverage.Cause.allCases.map {
        Cause(name: $0.rawValue, bare: stretch(coverage[$0]))
      })
  }
}

extension SummarySheet {
  /// What had no working stop, and why.
  mutating func coverage(_ coverage: StopCoverage, _ unit: String) {
    self.coverage(CoverageFigures(coverage), unit)
  }
}

extension JSONWriter {
  /// Writes a member with what had no working stop, and why.
  mutating func member(_ name: String, _ coverage: StopCoverage) {
    member(name, CoverageFigures(coverage))
  }
}

import Execution
import Market

/// A run of several pairs on one account as JSON, `"format": "ratchet-portfolio 1"`;
/// `Documentation/result-format.md` has every member.
///
/// What a single run tells of its pair, each pair tells here; what a single run tells of its account
/// stands once, beside them. Like `ResultDocument` it is written block by block, and a member is never
/// renamed or given another unit under the same format number.
public struct PortfolioDocument: Sendable {
  /// The name and number of this schema.
  public static let format = "ratchet-portfolio 1"

  private let result: PortfolioResult
  private let figures: PortfolioFigures
  private let manifest: PortfolioManifest
  private let includesEquity: Bool

  /// The document of a run.
  ///
  /// - Parameters:
  ///   - result: The run.
  ///   - manifest: What it takes to make it again.
  ///   - includesEquity: Whether the curve is written, one element for each time at which candles
  ///     close.
  public init(
    _ result: PortfolioResult, manifest: PortfolioManifest, includesEquity: Bool = false
  ) {
    self.result = result
    figures = PortfolioFigures(result)
    self.manifest = manifest
    self.includesEquity = includesEquity
  }

  /// The whole document, for short runs.
  public var bytes: [UInt8] {
    var bytes: [UInt8] = []
    write { bytes += $0 }
    return bytes
  }

  /// Writes the document.
  ///
  /// - Parameter sink: Takes about 32 KiB of UTF-8 at a time.
  /// - Throws: What the sink throws, at once.
  public func write<Failure: Error>(
    to sink: ([UInt8]) throws(Failure) -> Void
  ) throws(Failure) {
    var json = JSONWriter()
    json.beginObject(.lines)
    json.member("format", Self.format)
    json.key("program")
    manifest.program.write(to: &json)
    json.key("manifest")
    manifest.write(to: &json)
    json.member("interval", result.interval.seconds)
    json.member("set", result.changed)
    json.member("parameters", result.settings)
    json.key("pairs")
    json.beginArray(.lines)
    for pair in result.pairs.indices { try writePair(pair, &json, to: sink) }
    json.endArray()
    try writeAccount(&json, to: sink)
    figures.writeAllocation(&json)
    if includesEquity {
      try json.curve(PortfolioCurve(result), to: sink)
      try json.allocation(ExposureCurve(result), to: sink)
    }
    json.endObject()
    try json.drain(always: true, into: sink)
  }

  private func writePair<Failure: Error>(
    _ index: Int, _ json: inout JSONWriter, to sink: ([UInt8]) throws(Failure) -> Void
  ) throws(Failure) {
    let pair = result.pairs[index]
    let members = RunMembers(pair)
    let profit = figures.profits[index]
    json.beginObject(.lines)
    json.member("pair", pair.product.id)
    json.member("csv", pair.source)
    json.member("correlation_group", result.groups[index])
    members.writeInputs(&json)
    json.member("counts", Counts(pair.record))
    json.md5(of: pair, CanonicalText.allCases.filter { $0 != .equity })
    json.member("final_position", pair.finalPosition)
    json.member("realised", profit.realised)
    json.member("unrealised", profit.unrealised)
    members.writeEnd(&json)
    json.member("metrics", figures.pairMetrics[index].named)
    json.key("stake")
    figures.stakes.pairs[index].write(to: &json)
    try members.writeLists(&json, to: sink)
    json.endObject()
  }

  private func writeAccount<Failure: Error>(
    _ json: inout JSONWriter, to sink: ([UInt8]) throws(Failure) -> Void
  ) throws(Failure) {
    let refusals = figures.refusals
    writeCounts(refusals, &json)
    try json.list("refusals", refusals, to: sink) { refusal, json in
      json.member("time", refusal.element.time)
      json.member("pair", result.name(of: refusal))
      refusal.element.refusal.write(to: &json)
    }
    json.breaker(result.trip, daysLost: result.daysLost)
    json.md5(of: result, PortfolioText.allCases)
    try json.list("fills", result.fills, to: sink) { fill, json in
      json.member("pair", result.name(of: fill))
      fill.element.write(to: &json)
    }
    json.member("starting_cash", result.startingCash)
    json.member("final_cash", result.finalCash)
    json.member("final_equity", result.finalEquity)
    json.member("realised", figures.profit.realised)
    json.member("unrealised", figures.profit.unrealised)
    json.member("metrics", figures.metrics.named)
  }

  private func writeCounts(
    _ refusals: [PortfolioResult.OfPair<RunRecord.TimedRefusal>], _ json: inout JSONWriter
  ) {
    json.key("counts")
    json.beginObject()
    json.member("fills", result.pairs.reduce(0) { $0 + $1.record.fills.count })
    json.member("trades", result.pairs.reduce(0) { $0 + $1.record.trades.count })
    json.member("size_cuts", result.sizeCuts)
    json.key("refusals")
    json.beginObject()
    for rule in PortfolioRule.allCases {
      let count = refusals.count { $0.element.refusal.rule == rule }
      if count > 0 { json.member(rule.rawValue, count) }
    }
    json.endObject()
    json.endObject()
  }
}

import Execution
import Hashing
import Market
import PageAssets

/// A run as one HTML page that needs nothing else: no network, no font, no library.
///
/// All figures come from `RunResult` and the types of `Figures`; the page's script draws and sorts
/// and computes nothing. Its words are those of `ConsoleSummary`. The page holds no clock and no
/// folder, so the same run gives the same bytes. A content security policy with the digests of the
/// one script and the one style sheet forbids everything else, and loading anything at all.
public struct ReportPage: Sendable {
  let result: RunResult
  let manifest: Manifest
  let metrics: Metrics
  let summary: ConsoleSummary
  let histories: [StopHistory]
  /// The most candles that the page carries one by one; of more, neighbours are merged.
  var mostCandles = 500_000

  /// The page of a run.
  ///
  /// - Parameters:
  ///   - result: The run.
  ///   - manifest: What it was made with and from.
  public init(_ result: RunResult, manifest: Manifest) {
    self.result = result
    self.manifest = manifest
    metrics = Metrics(result)
    summary = ConsoleSummary(result, metrics, Counts(result.record))
    histories = StopHistory.all(of: result.record)
  }

  /// The whole page, for short runs.
  public var bytes: [UInt8] {
    var bytes: [UInt8] = []
    write { bytes += $0 }
    return bytes
  }

  /// Writes the page.
  ///
  /// - Parameter sink: Takes about 32 KiB of UTF-8 at a time.
  /// - Throws: What the sink throws, at once.
  public func write<Failure: Error>(
    to sink: ([UInt8]) throws(Failure) -> Void
  ) throws(Failure) {
    var html = HTMLWriter()
    writeHead(&html)
    html.markup("<body>\n<div class=\"page\">\n")
    writeTop(&html)
    html.markup("<main>\n")
    writeCautions(&html)
    writeHeadline(&html)
    writeChart(&html)
    html.markup("<div class=\"pair\">\n")
    writeReturns(&html)
    writeOutcomes(&html)
    html.markup("</div>\n")
    writeFigures(&html)
    try writeTrades(&html, to: sink)
    html.markup("<div class=\"pair\">\n")
    writeSettings(&html)
    writeData(&html)
    html.markup("</div>\n</main>\n")
    writeFoot(&html)
    html.markup("</div>\n")
    try writeSeries(&html, to: sink)
    html.markup("<script>")
    html.asset(PageAssets.script)
    html.markup("</script>\n</body>\n</html>\n")
    try html.drain(always: true, into: sink)
  }

  private func writeHead(_ html: inout HTMLWriter) {
    html.markup("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
    html.begin(
      "meta",
      [
        "http-equiv": "Content-Security-Policy",
        "content": "default-src 'none'; script-src '\(Self.digest(of: PageAssets.script))'; "
          + "style-src '\(Self.digest(of: PageAssets.style))'; base-uri 'none'; form-action 'none'",
      ])
    html.markup("\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
    html.markup("<meta name=\"color-scheme\" content=\"light dark\">\n")
    html.begin(
      "meta",
      ["name": "generator", "content": "\(manifest.program.name) \(manifest.program.version)"])
    html.markup("\n")
    html.element("title", "\(result.product.id), \(strategy) · Ratchet")
    html.markup("\n<style>")
    html.asset(PageAssets.style)
    html.markup("</style>\n</head>\n")
  }

  /// What a content security policy calls a script or style sheet by.
  static func digest(of asset: [UInt8]) -> String {
    var digest = Digest(.sha256)
    digest.update(asset.span)
    var base64 = Base64Encoder()
    var text = TextBlock()
    for byte in digest.finish() { base64.append(byte, to: &text) }
    base64.finish(to: &text)
    return "sha256-" + String(decoding: text.bytes, as: UTF8.self)
  }

  /// The strategy that played; empty where the settings do not say.
  var strategy: String { result.settings.first { $0.key == "strategy.name" }?.value ?? "" }
}

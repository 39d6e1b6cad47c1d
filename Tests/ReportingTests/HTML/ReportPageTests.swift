import Execution
import Foundation
import Market
import PageAssets
import Simulator
import TestKit
import Testing

@testable import Reporting

@Suite("The HTML report")
struct ReportPageTests {
  private static let nasty = "</script><img src=x onerror=alert(1)>\"'&\u{1}\u{2028}é"

  private func page(_ result: RunResult, path: String = "candles.csv") -> ReportPage {
    var manifest = SampleRun.manifest
    manifest.data.path = path
    return ReportPage(result, manifest: manifest)
  }

  private func random(_ count: Int, seed: UInt64) -> [Candle] {
    var random = SplitMix64(seed: seed)
    return randomCandles(count, ticks: 1_250_000, using: &random)
  }

  // MARK: - The page

  @Test("Its elements are balanced, of a rich run, an empty one, and one without trades")
  func balance() {
    let flat = RunBuilder().result(candles: random(50, seed: 1))
    for result in [SampleRun.make(), RunBuilder().result(candles: []), flat] {
      #expect(PageText(page(result).bytes).imbalances == [])
    }
  }

  @Test("Names that look like markup change no tag of the page, and are shown as they are")
  func hostileNames() throws {
    var nasty = SampleRun.make()
    nasty.source = Self.nasty
    nasty.product.id = Self.nasty
    nasty.settings = nasty.settings.map { .init(key: $0.key, value: Self.nasty) }
    nasty.changed = nasty.changed.map { .init(key: $0.key, value: Self.nasty) }
    nasty.data.bad = nasty.data.bad.map { .init(line: $0.line, reason: Self.nasty) }
    let tame = PageText(page(SampleRun.make()).bytes)
    let text = PageText(page(nasty, path: Self.nasty).bytes)
    #expect(text.tags == tame.tags)
    let title = "<title>&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&amp;\u{FFFD}"
    #expect(text.text.contains(title))
    #expect(try text.facts()["product"] as? String == Self.nasty)
  }

  @Test("It loads nothing: no address, no source, no import")
  func offline() {
    let text = PageText(page(SampleRun.make()).bytes)
    for word in ["http://", "https://", "//cdn", " src=", "url(", "@import", "fetch(", "import("] {
      #expect(!text.text.contains(word), "\(word)")
    }
    #expect(!text.tags.contains { $0.hasPrefix("link") || $0.hasPrefix("img") })
  }

  @Test("The security policy names the digests of the script and the style sheet it carries")
  func policy() throws {
    let text = PageText(page(SampleRun.make()).bytes).text
    // What `openssl dgst -sha256 -binary | base64` prints of nothing: the encoder's padding.
    #expect(HTMLWriter.digest(of: []) == "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=")
    let script = try #require(text.firstRange(of: "<script>"))
    let end = try #require(text[script.upperBound...].firstRange(of: "</script>"))
    let digest = HTMLWriter.digest(of: Array(text[script.upperBound..<end.lowerBound].utf8))
    #expect(text.contains("script-src &#39;\(digest)&#39;"))
    #expect(text.contains("style-src &#39;\(HTMLWriter.digest(of: PageAssets.style))&#39;"))
    #expect(!text.contains("unsafe-inline") && !text.contains(" style=\""))
  }

  @Test("Every figure of the console is there, in its words")
  func figures() {
    let result = SampleRun.make()
    let text = PageText(page(result).bytes).text
    for row in ConsoleSummary(result).sheet.sections.flatMap(\.rows) {
      var html = HTMLWriter()
      html.text(Display.typeset(row.value))
      #expect(text.contains("<dd>\(String(decoding: html.block.bytes, as: UTF8.self))</dd>"))
    }
  }

  @Test("The same run gives the same bytes, however they are handed on")
  func determinism() {
    let result = RunBuilder().result(candles: random(3_000, seed: 2))
    var pieces: [Int] = []
    page(result).write { pieces.append($0.count) }
    #expect(page(result).bytes == page(result).bytes)
    #expect(pieces.count > 1 && pieces.reduce(0, +) == page(result).bytes.count)
  }

  // MARK: - The series

  @Test("The candles on the page are the run's, to the last step", arguments: Seeds.few)
  func candles(seed: UInt64) throws {
    let result = RunBuilder().result(candles: random(500, seed: seed))
    let text = PageText(page(result).bytes)
    #expect(try decoded(text, result) == result.candles, "SEED=\(seed)")
  }

  private func decoded(_ text: PageText, _ result: RunResult) throws -> [Candle] {
    let units = SeriesUnits(result)
    var (start, last): (Int128, Int128) = (0, 0)
    let numbers = try text.numbers("candles")
    return stride(from: 0, to: numbers.count, by: 6).map { first in
      let part = Array(numbers[first..<(first + 6)])
      start += part[0]
      let open = last + part[1]
      let close = open + part[2]
      last = close
      func price(_ steps: Int128) -> Price { Price(steps: Int64(steps) * units.price.steps) }
      return Candle(
        start: Timestamp(nanoseconds: Int64(start) * result.interval.nanoseconds),
        open: price(open), high: price(max(open, close) + part[3]),
        low: price(min(open, close) - part[4]), close: price(close),
        volume: Quantity(steps: part[5] * units.volume))
    }
  }

  @Test("Candles beyond the most are merged: extremes, sums and the last of each group stay")
  func groups() throws {
    let result = RunBuilder().result(candles: random(50, seed: 3))
    var page = page(result)
    page.mostCandles = 20
    let text = PageText(page.bytes)
    let merged = try decoded(text, result)
    #expect(try text.facts()["group"] as? Int == 3)
    #expect(try text.facts()["count"] as? Int == 17 && merged.count == 17)
    let third = result.candles[6..<9]
    #expect(merged[2].start == third[6].start && merged[2].open == third[6].open)
    #expect(merged[2].high == third.map(\.high).max() && merged[2].low == third.map(\.low).min())
    #expect(merged[2].close == third[8].close && merged[16].close == result.candles[49].close)
    #expect(merged[2].volume == third.reduce(.zero) { $0 + $1.volume })
    for curve in ["equity", "hold", "drawdown"] { #expect(try text.numbers(curve).count == 17) }
  }

  @Test("Curves, exit orders and fills are those of the run")
  func curves() throws {
    let result = SampleRun.make()
    let text = PageText(page(result).bytes)
    let unit = CurveSeries(startingCash: result.startingCash, count: 1, group: 1).unit
    let equity = try text.numbers("equity").reduce(into: []) { $0.append(($0.last ?? 0) + $1) }
    #expect(equity == EquityCurve(result).map { $0.equity.steps / unit.steps })
    let hold = try text.numbers("hold").reduce(0, +)
    let growth = Double(hold) * unit.double / result.startingCash.double - 1
    #expect(abs(growth - (result.buyAndHold ?? 0)) < 1e-6)
    let depths = try text.numbers("drawdown").reduce(into: [Int128]()) {
      $0.append(($0.last ?? 0) + $1)
    }
    let least = Double(depths.min() ?? 0) * CurveSeries.drawdownUnit
    #expect(abs(least - (Metrics(result).maxDrawdown ?? 0)) <= CurveSeries.drawdownUnit)
    let price = SeriesUnits(result).price.steps
    let legs = try text.numbers("legs")
    let expected = StopHistory.all(of: result.record).flatMap(\.legs)
    #expect(legs.count == expected.count * 7)
    for (index, leg) in expected.enumerated() {
      let part = legs[(index * 7)..<(index * 7 + 7)]
      #expect(part[index * 7 + 3] * Int128(price) == Int128(leg.trigger?.steps ?? 0))
      #expect(part[index * 7 + 4] * Int128(price) == Int128(leg.limit.steps))
    }
    #expect(try text.numbers("fills").count == result.record.fills.count * 4)
    #expect((try text.facts()["trades"] as? [Any])?.count == result.record.trades.count)
  }

  @Test("100,000 candles make a page far below 10 MB")
  func size() {
    let small = page(RunBuilder().result(candles: random(500, seed: 4))).bytes.count
    let large = page(RunBuilder().result(candles: random(2_500, seed: 4))).bytes.count
    #expect(small + (large - small) / 2_000 * 100_000 < 5_000_000)
  }
}

import Execution
import Foundation
import Market
import PageAssets
import Testing

@testable import Reporting

@Suite("The HTML report of several pairs")
struct PortfolioPageTests {
  private static let nasty = "</script><img src=x onerror=alert(1)>\"'&\u{1}\u{2028}é"

  private func page(_ result: PortfolioResult = SamplePortfolio.make()) -> PortfolioPage {
    PortfolioPage(result, manifest: SamplePortfolio.manifest)
  }

  private func facts(_ id: String, _ page: PageText) throws -> [String: Any] {
    let json = Data(try page.block(id).utf8)
    return try #require(JSONSerialization.jsonObject(with: json) as? [String: Any])
  }

  // MARK: - The page

  @Test("Its elements are balanced: of a rich run, of many pairs, without candles")
  func balance() {
    for result in [
      SamplePortfolio.make(), SamplePortfolio.idle(20), SamplePortfolio.idle(2, candles: 0),
    ] {
      #expect(PageText(page(result).bytes).imbalances == [])
    }
  }

  @Test("Names that look like markup change no tag of the page, and are shown as they are")
  func hostileNames() throws {
    var result = SamplePortfolio.make()
    var manifest = SamplePortfolio.manifest
    result.groups = [Self.nasty, Self.nasty, nil]
    result.changed = [.init(key: Self.nasty, value: Self.nasty)]
    for index in result.pairs.indices {
      result.pairs[index].product.id = "\(index)\(Self.nasty)"
      manifest.pairs[index].data.path = Self.nasty
      manifest.pairs[index].settings = manifest.pairs[index].settings.map {
        .init(key: $0.key, value: Self.nasty)
      }
    }
    // A setting that is not at its default any more leaves that list.
    var tame = SamplePortfolio.make()
    tame.changed = [.init(key: "tame", value: "tame")]
    let text = PageText(PortfolioPage(result, manifest: manifest).bytes)
    #expect(text.tags == PageText(page(tame).bytes).tags)
    #expect(text.text.contains("<title>0&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;"))
    #expect(try facts("run-2", text)["product"] as? String == "2" + Self.nasty)
  }

  @Test("It loads nothing, and its policy names the digests of script and style sheet")
  func offline() {
    let text = PageText(page().bytes)
    for word in ["http://", "https://", "//cdn", " src=", "url(", "@import", "fetch(", "import("] {
      #expect(!text.text.contains(word), "\(word)")
    }
    #expect(text.text.contains("script-src &#39;\(HTMLWriter.digest(of: PageAssets.script))&#39;"))
    #expect(text.text.contains("style-src &#39;\(HTMLWriter.digest(of: PageAssets.style))&#39;"))
    #expect(!text.text.contains("unsafe-inline") && !text.text.contains(" style=\""))
  }

  @Test("Every figure of the console is there, in its words")
  func figures() {
    let text = PageText(page().bytes).text
    for row in PortfolioSummary(SamplePortfolio.make()).sheet.sections.flatMap(\.rows) {
      var html = HTMLWriter()
      html.text(Display.typeset(row.value))
      #expect(text.contains("<dd>\(String(decoding: html.block.bytes, as: UTF8.self))</dd>"))
    }
    #expect(text.contains("the breaker tripped on 2025-09-16 06:35 UTC, when equity was 8,990.00"))
    #expect(text.contains("2,500.001"))
  }

  @Test("The same run gives the same bytes")
  func determinism() { #expect(page().bytes == page().bytes) }

  @Test("Each trade names its pair and which of its trades it is, in the order of closing")
  func trades() {
    let result = SamplePortfolio.make()
    let tags = PageText(page(result).bytes).tags.filter { $0.hasPrefix("tr data-pair") }
    #expect(tags.count == result.trades.count && !tags.isEmpty)
  }

  // MARK: - The series

  /// The values of each of `count` series in a block, one after the other.
  private func series(_ id: String, _ count: Int, in page: PageText) throws -> [[Int128]] {
    let numbers = try page.numbers(id)
    let length = numbers.count / max(count, 1)
    return (0..<count).map { index in
      numbers[(index * length)..<((index + 1) * length)].reduce(into: []) {
        $0.append(($0.last ?? 0) + $1)
      }
    }
  }

  @Test("The shares of pairs and groups are those of the run's exposures")
  func shares() throws {
    let result = SamplePortfolio.make()
    let text = PageText(page(result).bytes)
    let points = Array(ExposureCurve(result))
    let weights = try series("account-weights", 3, in: text)
    let groups = result.correlationGroups
    let exposures = try series("account-exposures", groups.count, in: text)
    func share(_ amount: Money, _ point: Exposures) -> Int128 {
      Int128((amount.double / point.equity.double * 10_000).rounded())
    }
    for (index, point) in points.enumerated() {
      for pair in 0..<3 { #expect(weights[pair][index] == share(point.positions[pair], point)) }
      for group in groups.indices {
        #expect(exposures[group][index] == share(groups[group].exposure(point), point))
      }
    }
    #expect(weights[0].contains { $0 > 0 } && weights[1].contains { $0 > 0 })
    let facts = try facts("account", text)
    #expect(facts["count"] as? Int == points.count && facts["limit"] as? Double == 0.25)
    #expect((facts["groups"] as? [[String: Any]])?.count == 2)
  }

  @Test("Points that are drawn as one keep a group's greatest share and the deepest drawdown")
  func groupsOfPoints() throws {
    let result = SamplePortfolio.make()
    var coarse = page(result)
    coarse.mostPoints = 4
    let text = PageText(coarse.bytes)
    let fine = try series("account-exposures", 2, in: PageText(page(result).bytes))
    let joined = try series("account-exposures", 2, in: text)
    #expect(joined[0].count == 4 && fine[0].count == 10)
    for group in 0..<2 { #expect(joined[group].max() == fine[group].max()) }
    for id in ["account-equity", "account-hold", "account-drawdown", "account-times"] {
      #expect(try text.numbers(id).count == 4)
    }
    let least = try series("account-drawdown", 1, in: text)[0].min()
    #expect(least == DrawdownCurve(result).map { Int128(($0 * 100_000).rounded()) }.min())
  }

  @Test("Equity and its yardstick are those of the run")
  func curves() throws {
    let result = SamplePortfolio.make()
    let text = PageText(page(result).bytes)
    let unit = CurveSeries(startingCash: result.startingCash, count: 1, group: 1).unit
    #expect(
      try series("account-equity", 1, in: text)[0]
        == PortfolioCurve(result).map { $0.equity.steps / unit.steps })
    let hold = try series("account-hold", 1, in: text)[0]
    for (shown, point) in zip(hold, EqualWeightCurve(result)) {
      #expect(abs(Double(shown) - point.equity.double / unit.double) <= 0.5)
    }
  }

  @Test("However many candles there are, the page carries about so many")
  func size() throws {
    var page = page(SamplePortfolio.idle(10, candles: 1_000))
    page.mostCandles = 1_000
    page.mostPoints = 100
    let text = PageText(page.bytes)
    for pair in 0..<10 { #expect(try text.numbers("candles-\(pair)").count == 100 * 6) }
    #expect(try text.numbers("account-equity").count == 100)
  }
}

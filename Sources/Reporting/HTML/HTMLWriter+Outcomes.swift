import Execution
import Market

/// How trades ended, which needs no script.
extension HTMLWriter {
  /// What trades returned, and what closed them.
  mutating func outcomes(_ trades: [ClosedTrade], _ unit: String) {
    markup("<section class=\"panel outcomes\">\n<h2>How trades ended</h2>\n")
    if trades.isEmpty {
      markup("<p class=\"empty\">No closed trades.</p>\n</section>\n")
      return
    }
    write(ReturnHistogram(trades))
    markup("<table class=\"exits\">\n<thead><tr><th scope=\"col\">Closed by</th>")
    markup("<th></th><th scope=\"col\">Trades</th><th scope=\"col\">Won</th>")
    element("th", ["scope": "col"], "Realised \(unit)")
    markup("</tr></thead>\n<tbody>\n")
    for reason in ExitReason.allCases {
      let closed = TradeGroup(trades.filter { $0.exitReason == reason })
      guard closed.trades > 0 else { continue }
      markup("<tr>")
      element("th", ["scope": "row", "title": reason.meaning], reason.rawValue)
      let share = Double(closed.trades) / Double(trades.count)
      bar(share)
      element("td", Display.count(closed.trades))
      element("td", Display.typesetPercent(closed.winRate))
      element("td", Display.typeset(Display.fixed(closed.realised)))
      markup("</tr>\n")
    }
    markup("</tbody>\n</table>\n</section>\n")
  }

  private mutating func write(_ histogram: ReturnHistogram) {
    let most = histogram.counts.max() ?? 1
    let (width, height) = (480.0, 132.0)
    let step = width / Double(max(histogram.counts.count, 8))
    let left = (width - step * Double(histogram.counts.count)) / 2
    markup("<figure>\n")
    begin(
      "svg",
      [
        "class": "histogram", "role": "img", "viewBox": "0 0 480 156",
        "aria-label": "How many trades returned how much, after fees",
      ])
    for (bin, count) in histogram.counts.enumerated() where count > 0 {
      let tall = Double(count) / Double(most) * height
      let lower = histogram.lowerEdge(of: bin)
      begin(
        "rect",
        [
          "class": lower < 0 ? "lost" : "won",
          "x": Self.place(left + Double(bin) * step + 0.75), "y": Self.place(height - tall),
          "width": Self.place(max(step - 1.5, 0.5)), "height": Self.place(tall), "rx": "1",
        ])
      let range =
        "\(Display.typesetPercent(lower)) to \(Display.typesetPercent(lower + histogram.width))"
      element(
        "title", "\(range): \(count == 1 ? "1 trade" : "\(Display.count(count)) trades")")
      markup("</rect>")
    }
    markup("<path class=\"axis\" d=\"M0 132.5h480\"></path>")
    let last = histogram.counts.count
    for edge in Set([0, -histogram.first, last]).sorted() where (0...last).contains(edge) {
      let x = min(max(left + Double(edge) * step, 28), width - 28)
      element(
        "text", ["x": Self.place(x), "y": "149", "text-anchor": "middle"],
        Display.typesetPercent(histogram.lowerEdge(of: edge)))
    }
    markup("</svg>\n<figcaption>What trades returned after fees, of what was paid at entry")
    markup("</figcaption>\n</figure>\n")
  }

  /// A cell with a bar of a length from 0 to 1.
  mutating func bar(_ share: Double) {
    markup("<td class=\"share\"><svg viewBox=\"0 0 100 6\" preserveAspectRatio=\"none\">")
    markup("<rect class=\"ground\" width=\"100\" height=\"6\"></rect>")
    begin("rect", ["width": Display.fixed(share * 100), "height": "6"])
    markup("</rect></svg></td>")
  }

  private static func place(_ value: Double) -> String { Display.fixed(value) }
}

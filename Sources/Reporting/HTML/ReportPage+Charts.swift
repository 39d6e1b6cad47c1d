import Execution
import Market

/// The charts: the stage on which the script draws, and the small ones that need no script.
extension ReportPage {
  /// Runs of at most so many days show a calendar of them: a year and a little.
  private static let mostDays = 380
  /// In a calendar of at most so many days there is room for figures.
  private static let mostDaysInWords = 49

  func writeChart(_ html: inout HTMLWriter) {
    guard !result.candles.isEmpty else { return }
    html.markup(
      """
      <section class="panel chart" aria-label="Charts over time">
      <div class="bar">
      <h2>Price, stop and equity</h2>
      <ul class="key">
      <li class="k-entry">entry</li><li class="k-exit">exit</li>
      <li class="k-stop">stop’s trigger</li><li class="k-limit">its limit</li>
      <li class="k-rescue">escalation</li><li class="k-gap">missing candles</li>
      </ul>
      <div class="buttons" id="spans"></div>
      <div class="buttons" id="steps" hidden>
      <button type="button" data-step="-1" aria-label="Previous trade">‹</button>
      <output id="which">trades</output>
      <button type="button" data-step="1" aria-label="Next trade">›</button>
      </div>
      </div>
      <p class="trade" id="trade" hidden></p>
      <div class="stage" id="stage" tabindex="0" role="application" aria-describedby="keys"
       aria-label="Candles with entries, exits and the stop; equity against buy and hold; drawdown">
      <canvas id="plot"></canvas><canvas id="cross"></canvas>
      <div class="read" id="read-price"></div>
      <div class="read" id="read-equity"></div>
      <div class="read" id="read-drawdown"></div>
      </div>
      <div class="map" id="map"><canvas></canvas><div class="window" hidden><i></i><i></i></div></div>
      <p class="hint" id="keys">Wheel or pinch to zoom, drag to select or
      move, double-click for all. <span class="keys">Keys: <kbd>←</kbd> <kbd>→</kbd> move, <kbd>+</kbd> <kbd>−</kbd> zoom,
      <kbd>[</kbd> <kbd>]</kbd> trades, <kbd>0</kbd> all.</span></p>
      <noscript><p class="hint">The charts over time are drawn by this page’s script, which your
      browser does not run. All figures stand below.</p></noscript>
      </section>

      """)
  }

  // MARK: - Returns by month and day

  func writeReturns(_ html: inout HTMLWriter) {
    let grid = MonthGrid(result)
    html.markup("<section class=\"panel returns\">\n<h2>Returns by month</h2>\n")
    if grid.years.isEmpty {
      html.markup("<p class=\"empty\">No candles.</p>\n")
    } else {
      write(grid, to: &html)
      let days = Breakdown(result, by: .day)
      if let first = days.rows.first, let last = days.rows.last, first != last {
        let span = (last.start.day - first.start.day) + 1
        html.markup(span > Self.mostDays ? "" : "<h3>Returns by day</h3>\n")
        if span <= Self.mostDaysInWords {
          writeWeeks(of: days, to: &html)
        } else if span <= Self.mostDays {
          writeSquares(of: days, to: &html)
        }
      }
    }
    html.markup("</section>\n")
  }

  private func write(_ grid: MonthGrid, to html: inout HTMLWriter) {
    let most =
      grid.years.flatMap(\.months).compactMap { $0?.totalReturn?.magnitude }.max() ?? 0
    html.markup(
      "<div class=\"scroll\"><table class=\"months\">\n<thead><tr><th scope=\"col\"></th>")
    for name in Self.monthNames { html.element("th", ["scope": "col"], name) }
    html.markup("<th scope=\"col\">Year</th></tr></thead>\n<tbody>\n")
    for year in grid.years {
      html.markup("<tr>")
      html.element("th", ["scope": "row"], "\(year.year)")
      for month in year.months {
        guard let month else {
          html.markup("<td></td>")
          continue
        }
        let shade = Self.shade(month.totalReturn, of: most)
        let trades = month.trades == 1 ? "1 trade" : "\(Display.count(month.trades)) trades"
        html.element(
          "td", ["class": shade, "title": "\(trades), fees \(Display.fixed(month.fees))"],
          Self.percent(month.totalReturn))
      }
      html.element("td", ["class": "sum"], Self.percent(year.totalReturn))
      html.markup("</tr>\n")
    }
    html.markup("</tbody>\n</table></div>\n")
  }

  /// A table of weeks, with the day of the month and the return in each cell.
  private func writeWeeks(of days: Breakdown, to html: inout HTMLWriter) {
    let most = days.rows.compactMap { $0.totalReturn?.magnitude }.max() ?? 0
    html.markup("<div class=\"scroll\"><table class=\"week\">\n<thead><tr>")
    for name in ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"] {
      html.element("th", ["scope": "col"], name)
    }
    html.markup("</tr></thead>\n<tbody>\n")
    var rows = days.rows[...]
    while let first = rows.first {
      let monday = CalendarPeriod.week.start(of: first.start).day
      html.markup("<tr>")
      for day in monday..<(monday + 7) {
        guard let row = rows.first, row.start.day == day else {
          html.markup("<td></td>")
          continue
        }
        rows.removeFirst()
        let date = CivilDate(day: day)
        html.begin("td", ["class": Self.shade(row.totalReturn, of: most)])
        let isFirst = day == days.rows[0].start.day || date.dayOfMonth == 1
        let month = isFirst ? " " + Self.monthNames[Int(date.month) - 1] : ""
        html.element("small", "\(date.dayOfMonth)\(month)")
        html.text(Self.percent(row.totalReturn))
        html.end("td")
      }
      html.markup("</tr>\n")
    }
    html.markup("</tbody>\n</table></div>\n")
  }

  /// A square for each day in columns of weeks, Monday on top.
  private func writeSquares(of days: Breakdown, to html: inout HTMLWriter) {
    guard let first = days.rows.first, let last = days.rows.last else { return }
    let monday = CalendarPeriod.week.start(of: first.start).day
    let weeks = (last.start.day - monday) / 7 + 1
    let pitch: Int64 = weeks <= 30 ? 20 : 12
    let most = days.rows.compactMap { $0.totalReturn?.magnitude }.max() ?? 0
    html.markup("<div class=\"scroll\">")
    html.begin(
      "svg",
      [
        "class": "days", "role": "img",
        "aria-label": "A square for each day, coloured by its return",
        "width": "\(weeks * pitch + 30)", "height": "\(7 * pitch + 18)",
        "viewBox": "0 0 \(weeks * pitch + 30) \(7 * pitch + 18)",
      ])
    for (place, name) in ["Mon", "Wed", "Fri", "Sun"].enumerated() {
      html.element("text", ["x": "0", "y": "\(Int64(place) * 2 * pitch + pitch + 12)"], name)
    }
    var month: Int64 = 0
    for row in days.rows {
      let date = CivilDate(day: row.start.day)
      let place = row.start.day - monday
      let x = place / 7 * pitch + 30
      if date.month != month, weeks - place / 7 > 1 || month == 0 {
        html.element("text", ["x": "\(x)", "y": "10"], Self.monthNames[Int(date.month) - 1])
      }
      month = date.month
      html.begin(
        "rect",
        [
          "class": Self.shade(row.totalReturn, of: most), "x": "\(x)",
          "y": "\(place % 7 * pitch + 16)", "width": "\(pitch - 2)", "height": "\(pitch - 2)",
          "rx": "2",
        ])
      html.element("title", "\(date): \(Self.percent(row.totalReturn))")
      html.markup("</rect>")
    }
    html.markup("</svg></div>\n")
  }

  private static let monthNames = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  private static func percent(_ fraction: Double?) -> String { typeset(Display.percent(fraction)) }

  /// The class of a shade: its sign and how large it is beside the largest, in five steps.
  private static func shade(_ value: Double?, of most: Double) -> String {
    guard let value, most > 0, value != 0 else { return "zero" }
    let step = min(5, Int((value.magnitude / most * 5).rounded(.up)))
    return "\(value > 0 ? "p" : "n")\(step)"
  }

  // MARK: - How trades ended

  func writeOutcomes(_ html: inout HTMLWriter) {
    let trades = result.record.trades
    html.markup("<section class=\"panel outcomes\">\n<h2>How trades ended</h2>\n")
    if trades.isEmpty {
      html.markup("<p class=\"empty\">No closed trades.</p>\n</section>\n")
      return
    }
    write(ReturnHistogram(trades), to: &html)
    html.markup("<table class=\"exits\">\n<thead><tr><th scope=\"col\">Closed by</th>")
    html.markup("<th></th><th scope=\"col\">Trades</th><th scope=\"col\">Won</th>")
    html.element("th", ["scope": "col"], "Realised \(result.product.quoteName)")
    html.markup("</tr></thead>\n<tbody>\n")
    for reason in ExitReason.allCases {
      let closed = TradeGroup(trades.filter { $0.exitReason == reason })
      guard closed.trades > 0 else { continue }
      html.markup("<tr>")
      html.element("th", ["scope": "row", "title": reason.meaning], reason.rawValue)
      let share = Double(closed.trades) / Double(trades.count)
      html.markup("<td class=\"share\"><svg viewBox=\"0 0 100 6\" preserveAspectRatio=\"none\">")
      html.markup("<rect class=\"ground\" width=\"100\" height=\"6\"></rect>")
      html.begin("rect", ["width": Display.fixed(share * 100), "height": "6"])
      html.markup("</rect></svg></td>")
      html.element("td", Display.count(closed.trades))
      html.element("td", Self.percent(closed.winRate))
      html.element("td", Self.typeset(Display.fixed(closed.realised)))
      html.markup("</tr>\n")
    }
    html.markup("</tbody>\n</table>\n</section>\n")
  }

  private func write(_ histogram: ReturnHistogram, to html: inout HTMLWriter) {
    let most = histogram.counts.max() ?? 1
    let (width, height) = (480.0, 132.0)
    let step = width / Double(max(histogram.counts.count, 8))
    let left = (width - step * Double(histogram.counts.count)) / 2
    html.markup("<figure>\n")
    html.begin(
      "svg",
      [
        "class": "histogram", "role": "img", "viewBox": "0 0 480 156",
        "aria-label": "How many trades returned how much, after fees",
      ])
    for (bin, count) in histogram.counts.enumerated() where count > 0 {
      let tall = Double(count) / Double(most) * height
      let lower = histogram.lowerEdge(of: bin)
      html.begin(
        "rect",
        [
          "class": lower < 0 ? "lost" : "won",
          "x": Self.place(left + Double(bin) * step + 0.75), "y": Self.place(height - tall),
          "width": Self.place(max(step - 1.5, 0.5)), "height": Self.place(tall), "rx": "1",
        ])
      let range = "\(Self.percent(lower)) to \(Self.percent(lower + histogram.width))"
      html.element(
        "title", "\(range): \(count == 1 ? "1 trade" : "\(Display.count(count)) trades")")
      html.markup("</rect>")
    }
    html.markup("<path class=\"axis\" d=\"M0 132.5h480\"></path>")
    let last = histogram.counts.count
    for edge in Set([0, -histogram.first, last]).sorted() where (0...last).contains(edge) {
      let x = min(max(left + Double(edge) * step, 18), width - 18)
      html.element(
        "text", ["x": Self.place(x), "y": "149", "text-anchor": "middle"],
        Self.percent(histogram.lowerEdge(of: edge)))
    }
    html.markup("</svg>\n<figcaption>What trades returned after fees, of what was paid at entry")
    html.markup("</figcaption>\n</figure>\n")
  }

  private static func place(_ value: Double) -> String { Display.fixed(value) }
}

import Market

/// Returns by month and day, which need no script.
extension HTMLWriter {
  /// Runs of at most so many days show a calendar of them: a year and a little.
  private static let mostDays = 380
  /// In a calendar of at most so many days there is room for figures.
  private static let mostDaysInWords = 49

  /// The returns of the months, and of the days of a run that is not too long.
  mutating func returns(months: Breakdown, days: Breakdown) {
    let grid = MonthGrid(months)
    markup("<section class=\"panel returns\">\n<h2>Returns by month</h2>\n")
    if grid.years.isEmpty {
      markup("<p class=\"empty\">No candles.</p>\n")
    } else {
      write(grid)
      if let first = days.rows.first, let last = days.rows.last, first != last {
        let span = (last.start.day - first.start.day) + 1
        markup(span > Self.mostDays ? "" : "<h3>Returns by day</h3>\n")
        if span <= Self.mostDaysInWords {
          writeWeeks(of: days)
        } else if span <= Self.mostDays {
          writeSquares(of: days)
        }
      }
    }
    markup("</section>\n")
  }

  private mutating func write(_ grid: MonthGrid) {
    let most =
      grid.years.flatMap(\.months).compactMap { $0?.totalReturn?.magnitude }.max() ?? 0
    markup(
      "<div class=\"scroll\"><table class=\"months\">\n<thead><tr><th scope=\"col\"></th>")
    for name in Self.monthNames { element("th", ["scope": "col"], name) }
    markup("<th scope=\"col\">Year</th></tr></thead>\n<tbody>\n")
    for year in grid.years {
      markup("<tr>")
      element("th", ["scope": "row"], "\(year.year)")
      for month in year.months {
        guard let month else {
          markup("<td></td>")
          continue
        }
        let shade = Self.shade(month.totalReturn, of: most)
        let trades = month.trades == 1 ? "1 trade" : "\(Display.count(month.trades)) trades"
        element(
          "td", ["class": shade, "title": "\(trades), fees \(Display.fixed(month.fees))"],
          Display.typesetPercent(month.totalReturn))
      }
      element("td", ["class": "sum"], Display.typesetPercent(year.totalReturn))
      markup("</tr>\n")
    }
    markup("</tbody>\n</table></div>\n")
  }

  /// A table of weeks, with the day of the month and the return in each cell.
  private mutating func writeWeeks(of days: Breakdown) {
    let most = days.rows.compactMap { $0.totalReturn?.magnitude }.max() ?? 0
    markup("<div class=\"scroll\"><table class=\"week\">\n<thead><tr>")
    for name in ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"] {
      element("th", ["scope": "col"], name)
    }
    markup("</tr></thead>\n<tbody>\n")
    var rows = days.rows[...]
    while let first = rows.first {
      let monday = CalendarPeriod.week.start(of: first.start).day
      markup("<tr>")
      for day in monday..<(monday + 7) {
        guard let row = rows.first, row.start.day == day else {
          markup("<td></td>")
          continue
        }
        rows.removeFirst()
        let date = CivilDate(day: day)
        begin("td", ["class": Self.shade(row.totalReturn, of: most)])
        let isFirst = day == days.rows[0].start.day || date.dayOfMonth == 1
        let month = isFirst ? " " + Self.monthNames[Int(date.month) - 1] : ""
        element("small", "\(date.dayOfMonth)\(month)")
        text(Display.typesetPercent(row.totalReturn))
        end("td")
      }
      markup("</tr>\n")
    }
    markup("</tbody>\n</table></div>\n")
  }

  /// A square for each day in columns of weeks, Monday on top.
  private mutating func writeSquares(of days: Breakdown) {
    guard let first = days.rows.first, let last = days.rows.last else { return }
    let monday = CalendarPeriod.week.start(of: first.start).day
    let weeks = (last.start.day - monday) / 7 + 1
    let pitch: Int64 = weeks <= 30 ? 20 : 12
    let most = days.rows.compactMap { $0.totalReturn?.magnitude }.max() ?? 0
    markup("<div class=\"scroll\">")
    begin(
      "svg",
      [
        "class": "days", "role": "img",
        "aria-label": "A square for each day, coloured by its return",
        "width": "\(weeks * pitch + 30)", "height": "\(7 * pitch + 18)",
        "viewBox": "0 0 \(weeks * pitch + 30) \(7 * pitch + 18)",
      ])
    for (place, name) in ["Mon", "Wed", "Fri", "Sun"].enumerated() {
      element("text", ["x": "0", "y": "\(Int64(place) * 2 * pitch + pitch + 12)"], name)
    }
    var month: Int64 = 0
    for row in days.rows {
      let date = CivilDate(day: row.start.day)
      let place = row.start.day - monday
      let x = place / 7 * pitch + 30
      if date.month != month, weeks - place / 7 > 1 || month == 0 {
        element("text", ["x": "\(x)", "y": "10"], Self.monthNames[Int(date.month) - 1])
      }
      month = date.month
      begin(
        "rect",
        [
          "class": Self.shade(row.totalReturn, of: most), "x": "\(x)",
          "y": "\(place % 7 * pitch + 16)", "width": "\(pitch - 2)", "height": "\(pitch - 2)",
          "rx": "2",
        ])
      element("title", "\(date): \(Display.typesetPercent(row.totalReturn))")
      markup("</rect>")
    }
    markup("</svg></div>\n")
  }

  private static let monthNames = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  /// The class of a shade: its sign and how large it is beside the largest, in five steps.
  static func shade(_ value: Double?, of most: Double) -> String {
    guard let value, most > 0, value != 0 else { return "zero" }
    let step = min(5, Int((value.magnitude / most * 5).rounded(.up)))
    return "\(value > 0 ? "p" : "n")\(step)"
  }
}

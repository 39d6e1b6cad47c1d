import Market

/// Settings, and what was found out about the data.
extension HTMLWriter {
  /// The settings in force, those first that someone chose.
  mutating func settings(_ settings: [RunResult.Setting], changed: [RunResult.Setting]) {
    if changed.isEmpty {
      markup("<p class=\"empty\">All at their defaults.</p>\n")
    } else {
      markup("<h3>Changed from the defaults</h3>\n")
      list(changed, "rows changed")
    }
    let chosen = Set(changed.map(\.key))
    let rest = settings.filter { !chosen.contains($0.key) }
    if !rest.isEmpty {
      if !changed.isEmpty { markup("<h3>At their defaults</h3>\n") }
      list(rest, "rows")
    }
  }

  /// Settings one below the other; `kind` is the list's class.
  mutating func list(_ settings: [RunResult.Setting], _ kind: String) {
    begin("dl", ["class": kind])
    for setting in settings {
      markup("<div>")
      element("dt", setting.key)
      element("dd", setting.value)
      markup("</div>\n")
    }
    markup("</dl>\n")
  }

  // MARK: - Data

  /// What was found out about a pair's candles.
  mutating func data(of result: RunResult, _ file: Manifest.DataFile) {
    let data = result.data
    markup("<dl class=\"rows\">\n")
    fact("File", file.path)
    if let bytes = file.bytes {
      fact("Size", "\(Display.count(Int(bytes))) bytes")
    }
    if let digest = file.sha256 { fact("SHA-256", digest) }
    if let range = result.timeRange?.description { fact("Time range", range) }
    fact("Candles", Display.count(result.candles.count))
    finding("Gaps", data.gaps, "breaks in the grid")
    finding("Missing", data.missing, "candles absent in them, never made up")
    finding("Bad rows", data.badRows, "dropped, as asked for")
    finding(
      "Rounded volumes", data.roundedVolumes, "finer than 8 decimals, rounded down")
    let check = result.candleCheck
    if check.zeroVolume > 0 {
      finding("Without volume", check.zeroVolume, "candles in which nothing traded")
    }
    if check.outliers > 0 {
      finding(
        "Outliers", check.outliers,
        "moved much further than their neighbours; \(Display.count(check.spikes)) came straight back"
      )
    }
    markup("</dl>\n")
    if check.lastMayBeUnfinished {
      markup("<p class=\"empty\">The last candle may be unfinished.</p>\n")
    }
    if !check.longestGaps.isEmpty {
      markup("<h3>Longest gaps (UTC)</h3>\n<ol class=\"bad-rows\">\n")
      for gap in check.longestGaps.prefix(5) {
        let move = Display.typeset(Display.percent(gap.move))
        element(
          "li",
          "\(Display.minute(gap.from)) to \(Display.minute(gap.to)): "
            + "\(Display.count(gap.missing)) missing, price moved \(move)")
      }
      markup("</ol>\n")
    }
    if !data.bad.isEmpty {
      markup("<h3>Dropped rows")
      if data.badRows > data.bad.count { element("small", "the first \(data.bad.count)") }
      markup("</h3>\n<ol class=\"bad-rows\">\n")
      for row in data.bad { element("li", "line \(Display.count(row.line)): \(row.reason)") }
      markup("</ol>\n")
    }
  }

  private mutating func fact(_ label: String, _ value: String) {
    markup("<div>")
    element("dt", label)
    element("dd", value)
    markup("</div>\n")
  }

  private mutating func finding(_ label: String, _ count: Int, _ note: String) {
    markup("<div><dt>")
    text(label)
    element("small", note)
    markup("</dt>")
    element("dd", ["class": count == 0 ? "" : "odd"], Display.count(count))
    markup("</div>\n")
  }
}

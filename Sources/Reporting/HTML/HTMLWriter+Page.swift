import Hashing
import Market
import PageAssets

/// The parts that every page has: head, top, headline, figures in rows, foot.
extension HTMLWriter {
  /// Everything before the body: policy, title and style sheet.
  mutating func head(title: String, _ program: ResultDocument.Program) {
    markup("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
    begin(
      "meta",
      [
        "http-equiv": "Content-Security-Policy",
        "content": "default-src 'none'; script-src '\(Self.digest(of: PageAssets.script))'; "
          + "style-src '\(Self.digest(of: PageAssets.style))'; base-uri 'none'; form-action 'none'",
      ])
    markup("\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
    markup("<meta name=\"color-scheme\" content=\"light dark\">\n")
    begin("meta", ["name": "generator", "content": "\(program.name) \(program.version)"])
    markup("\n")
    element("title", "\(title) · Ratchet")
    markup("\n<style>")
    asset(PageAssets.style)
    markup("</style>\n</head>\n")
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

  /// The name of what was run, and what there is to say of it in a few words each.
  mutating func top(_ name: String, _ parts: [String]) {
    markup("<header class=\"top\">\n<div>\n<h1>")
    text(name)
    markup("</h1>\n<p>")
    for part in parts where !part.isEmpty { element("span", part) }
    markup(
      """
      </p>
      </div>
      <div class="tools">
      <button type="button" id="theme" hidden></button>
      <svg class="mark" viewBox="0 0 32 32" aria-hidden="true">
      <path d="M3 26h6v-7h6v-7h6V5h8"></path><path class="limit" d="M3 30h9v-7h6v-7h6V9h5"></path>
      </svg>
      <span class="brand">Ratchet</span>
      </div>
      </header>

      """)
  }

  /// What the summary warns of.
  mutating func cautions(_ cautions: [String]) {
    for caution in cautions {
      markup("<p class=\"caution\" role=\"note\"><strong>Warning:</strong> ")
      text(caution)
      markup("</p>\n")
    }
  }

  /// The figures above everything, and whether their signs say good or bad.
  mutating func headline(_ figures: [(row: SummarySheet.Row, isSigned: Bool)]) {
    markup("<section class=\"headline\" aria-label=\"Headline figures\">\n<dl>\n")
    for (row, isSigned) in figures {
      markup("<div>")
      element("dt", row.label)
      let sign = isSigned ? Display.sign(of: row.value) : ""
      element("dd", ["class": "value \(sign)"], Display.typeset(row.value))
      element("dd", ["class": "note"], Display.typeset(row.note))
      markup("</div>\n")
    }
    markup("</dl>\n</section>\n")
  }

  /// The summary's sections, label by label.
  mutating func figures(_ sections: [SummarySheet.Section]) {
    markup("<section class=\"figures\" aria-label=\"All figures\">\n")
    for section in sections {
      markup("<div class=\"panel\">\n")
      begin("h2")
      text(section.title)
      if section.rows.contains(where: { $0.beside != nil }) {
        markup("<span class=\"heads\"><span>Strategy</span><span>Buy and hold</span></span>")
      }
      markup("</h2>\n<dl class=\"rows\">\n")
      for row in section.rows { figure(row) }
      markup("</dl>\n</div>\n")
    }
    markup("</section>\n")
  }

  private mutating func figure(_ row: SummarySheet.Row) {
    markup("<div><dt>")
    text(row.label)
    if !row.note.isEmpty { element("small", Display.typeset(row.note)) }
    markup("</dt>")
    element("dd", Display.typeset(row.value))
    if let beside = row.beside { element("dd", ["class": "beside"], Display.typeset(beside)) }
    markup("</div>\n")
  }

  /// What is left at the end of the run.
  mutating func ends(of results: [RunResult]) {
    let tables = [
      (
        "Open trades", "at the last close, before the fee of selling",
        SummaryTables.openTrades(results)
      ),
      ("Working orders", "at the end", SummaryTables.workingOrders(results)),
    ]
    markup("<div class=\"ends\">\n")
    for (title, note, table) in tables {
      guard let table else { continue }
      panel("end", title, note: note)
      markup("<div class=\"scroll\">")
      self.table(table)
      markup("</div>\n</section>\n")
    }
    markup("</div>\n")
  }

  /// The start of a panel with a title; `</section>` ends it.
  mutating func panel(_ kind: StaticString, _ title: String, note: String? = nil) {
    markup("<section class=\"panel ")
    markup(kind)
    markup("\">\n<h2>")
    text(title)
    if let note { element("small", note) }
    markup("</h2>\n")
  }

  /// Who made the page, and what it is not.
  mutating func foot(_ program: ResultDocument.Program) {
    markup("<footer>\n<p>")
    text(
      "Made by \(program.name) \(program.version). Money, prices and quantities "
        + "are counted exactly and rounded on this page for reading only.")
    markup("</p>\n<p>")
    markup(
      """
      This file is the whole page: it loads nothing and sends nothing. A backtest is no promise, \
      and nothing here is advice to trade.
      """)
    markup("</p>\n</footer>\n")
  }
}

extension Display {
  /// A number as printers set it: with a minus, not a hyphen.
  static func typeset(_ number: String) -> String {
    number.hasPrefix("-") ? "−" + number.dropFirst() : number
  }

  /// A fraction as a percentage, for print.
  static func typesetPercent(_ fraction: Double?) -> String { typeset(percent(fraction)) }

  /// The class of a number that is good or bad by its sign.
  static func sign(of number: String) -> String {
    if number.hasPrefix("-") { return "bad" }
    return number.contains { ("1"..."9").contains($0) } ? "good" : ""
  }
}

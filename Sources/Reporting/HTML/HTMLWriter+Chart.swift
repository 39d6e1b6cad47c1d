/// The stages on which the script draws.
extension HTMLWriter {
  /// A chart over time.
  ///
  /// - Parameters:
  ///   - title: Its title.
  ///   - label: What it shows, for those who cannot see it.
  ///   - hasTrades: Whether single trades can be chosen in it.
  ///   - key: What its lines and marks mean: a class of the style sheet and a text.
  mutating func chart(
    _ title: String, label: String, hasTrades: Bool, key: [(kind: String, meaning: String)]
  ) {
    markup("<div class=\"bar\">\n<h2>")
    text(title)
    markup("</h2>\n<ul class=\"key\">\n")
    for (kind, meaning) in key {
      element("li", ["class": kind], meaning)
      markup("\n")
    }
    markup("</ul>\n<div class=\"buttons spans\"></div>\n")
    if hasTrades {
      markup(
        """
        <div class="buttons steps" hidden>
        <button type="button" data-step="-1" aria-label="Previous trade">‹</button>
        <output class="which">trades</output>
        <button type="button" data-step="1" aria-label="Next trade">›</button>
        </div>

        """)
    }
    markup("</div>\n")
    if hasTrades { markup("<p class=\"trade\" hidden></p>\n") }
    begin("div", ["class": "stage", "tabindex": "0", "role": "application", "aria-label": label])
    markup("</div>\n<div class=\"map\"></div>\n")
    markup(
      """
      <p class="hint">Wheel or pinch to zoom, drag to select or
      move, double-click for all. <span class="keys">Keys: <kbd>←</kbd> <kbd>→</kbd> move, \
      <kbd>+</kbd> <kbd>−</kbd> zoom,
      """)
    if hasTrades { markup("\n<kbd>[</kbd> <kbd>]</kbd> trades,") }
    markup(
      """

      <kbd>0</kbd> all.</span></p>
      <noscript><p class="hint">The charts over time are drawn by this page’s script, which your
      browser does not run. All figures stand below.</p></noscript>

      """)
  }

  /// The marks and lines of a pair's candles.
  static var candleKey: [(kind: String, meaning: String)] {
    [
      ("k-entry", "entry"), ("k-exit", "exit"), ("k-stop", "stop’s trigger"),
      ("k-limit", "its limit"), ("k-rescue", "escalation"), ("k-gap", "missing candles"),
    ]
  }
}

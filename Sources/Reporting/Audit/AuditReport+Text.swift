import Market

/// What was compared, for the head of a text or page.
public struct AuditSubject: Hashable, Sendable {
  /// The database.
  public var database: String
  /// `live` or `paper`.
  public var kind: String
  /// The strategy.
  public var strategy: String
  /// Where the backtest's candles are from, in words.
  public var candles: String

  /// A subject of these parts.
  public init(database: String, kind: String, strategy: String, candles: String) {
    self.database = database
    self.kind = kind
    self.strategy = strategy
    self.candles = candles
  }
}

/// The comparison as text.
extension AuditReport {
  /// Everything, in lines of at most 80 columns where words are not longer.
  ///
  /// - Parameter subject: What was compared.
  /// - Returns: The text.
  public func text(of subject: AuditSubject) -> String {
    var sheet = SummarySheet()
    sheet.line(
      "\(subject.database): \(subject.kind) of \(pairs.joined(separator: ", ")), \(subject.strategy)"
    )
    sheet.paragraph(
      "\(Display.minute(begin)) to \(Display.minute(end)) UTC, "
        + "\(Display.plural(candles, "candle")), \(Display.plural(events, "event"))")
    sheet.paragraph("backtest over \(subject.candles)" + otherCandleWords)
    sheet.line("")
    for line in sidesTable(isExact: true).lines() { sheet.line(line) }
    if let coverage, coverage.held.span.nanoseconds > 0 { sheet.coverage(coverage, unit) }
    if !causes.isEmpty {
      sheet.line("")
      sheet.line("By cause, in \(unit)")
      for line in sharesTable.lines() { sheet.line(line) }
      sheet.line("")
      sheet.line("Where the session left the backtest's way")
      for (index, cause) in causes.enumerated() {
        let pair = cause.pair.map { "\($0), " } ?? ""
        sheet.line(
          "  \(index + 1)  \(cause.time)  \(pair)\(cause.cause.title), \(worth(cause.worth))")
        sheet.paragraph(cause.story, indent: 5)
      }
    }
    if !differences.isEmpty {
      sheet.line("")
      sheet.line("What differs")
      for difference in differences {
        sheet.line(
          "  \(difference.pair) \(Display.minute(difference.entry)) \(difference.name): "
            + "by \(difference.cause)")
        sheet.side("backtest", difference.backtest)
        sheet.side("session", difference.session)
      }
    }
    sheet.line("")
    // What is unexplained stands beside its word: people and scripts look for it.
    let words = verdict.replacing("unexplained ", with: "unexplained\u{A0}")
    for part in words.wrapped(to: SummarySheet.width) {
      sheet.line(part.replacing("\u{A0}", with: " "))
    }
    return sheet.text
  }

  /// What it comes to, in a sentence.
  public var verdict: String {
    if isSame {
      return "the same: \(Display.plural(session.orders, "order")), "
        + "\(Display.plural(session.fills, "fill")), "
        + "\(Display.plural(session.positions, "closed position")), to the last unit; unexplained 0"
    }
    let known = causes.count { $0.cause != .unexplained }
    if isExplained {
      return "explained: \(worth(difference)) of difference by \(Display.plural(known, "cause")); "
        + "unexplained 0"
    }
    return "NOT explained: \(worth(unexplained)) of \(worth(difference))"
  }

  /// What is to be said of candles that differ.
  var otherCandleWords: String {
    otherCandles == 0
      ? "" : "; \(Display.plural(otherCandles, "candle")) differ\(otherCandles == 1 ? "s" : "")"
  }

  /// What money is counted in.
  var unit: String {
    pairs.first.flatMap { $0.split(separator: "-").last.map(String.init) } ?? "quote units"
  }

  /// The two runs beside each other, to the last digit or for looking at.
  func sidesTable(isExact: Bool) -> TextTable {
    func shown(_ amount: Money) -> String { isExact ? "\(amount)" : Display.fixed(amount) }
    let rows: [(String, String, String, String)] = [
      (
        "Result, \(unit)", shown(backtest.equity), shown(session.equity),
        isExact ? Self.signed(difference) : Display.fixed(difference)
      ),
      count("Orders", backtest.orders, session.orders),
      count("Fills", backtest.fills, session.fills),
      count("Closed positions", backtest.positions, session.positions),
    ]
    return TextTable(
      columns: [
        .init("", isNumber: false), .init("Backtest"), .init("Session"), .init("Difference"),
      ], rows: rows.map { [$0.0, $0.1, $0.2, $0.3] })
  }

  private func count(_ title: String, _ left: Int, _ right: Int) -> (String, String, String, String)
  {
    (title, Display.count(left), Display.count(right), Display.count(right - left))
  }

  /// What each kind of cause comes to.
  var sharesTable: TextTable {
    TextTable(
      columns: [
        .init("Cause", isNumber: false), .init("Times"), .init("Worth"),
        .init("What it stands for", isNumber: false, isOptional: true),
      ],
      rows: shares.map {
        [$0.cause.title, Display.count($0.count), Self.signed($0.worth), $0.cause.meaning]
      } + [["sum", "", Self.signed(difference), ""]])
  }

  /// An exact amount with its sign.
  static func signed(_ amount: Money) -> String { (amount > .zero ? "+" : "") + "\(amount)" }

  private func worth(_ amount: Money) -> String { "\(Self.signed(amount)) \(unit)" }
}

extension SummarySheet {
  /// What one side has, behind the name of the side, in a column of its own.
  fileprivate mutating func side(_ name: String, _ text: String?) {
    let column = 14
    var head = "    " + name
    for part in (text ?? "none").wrapped(to: Self.width - column) {
      line(head.padded(to: column) + part)
      head = ""
    }
  }
}

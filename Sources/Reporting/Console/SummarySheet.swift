/// A summary as it is written: lines of text of at most 80 columns, and its figures once more for
/// the page that shows the same ones in the same words.
package struct SummarySheet: Sendable {
  static let width = 80
  static let labelWidth = 18
  static let valueWidth = 14

  /// A figure with its name and its meaning.
  struct Row: Hashable {
    var label: String
    /// Empty where the label says it all.
    var value = ""
    /// The same figure of buying and holding; `nil` where there is no such thing.
    var beside: String?
    var note = ""
  }

  /// Rows under a title.
  struct Section: Hashable {
    var title: String
    var rows: [Row] = []
  }

  /// The lines, each ended by a line feed.
  package private(set) var text = ""
  /// The figures.
  private(set) var sections: [Section] = []
  /// What the text warns of.
  private(set) var cautions: [String] = []

  /// A sheet with nothing on it.
  package init() {}

  /// A line as it is.
  package mutating func line(_ text: String) { self.text += text + "\n" }

  /// A text in as many lines as it takes, each behind so many spaces.
  package mutating func paragraph(_ text: String, indent: Int = 0) {
    let margin = String(repeating: " ", count: indent)
    for part in text.wrapped(to: Self.width - indent) { line(margin + part) }
  }

  /// The begin of a section of figures.
  package mutating func title(_ text: String, heads: String = "") {
    sections.append(Section(title: text))
    line("")
    line(heads.isEmpty ? text : text.padded(to: Self.labelWidth + 2) + heads)
  }

  /// A figure; what a figure of many digits leaves no room for moves to the next line.
  package mutating func row(
    _ label: String, _ value: String, beside: String? = nil, _ note: String = ""
  ) {
    sections[sections.count - 1].rows.append(
      Row(label: label, value: value, beside: beside, note: note))
    let head =
      "  " + label.padded(to: Self.labelWidth)
      + [value, beside].compactMap { $0 }.map { " " + $0.aligned(to: Self.valueWidth - 1) }.joined()
    if note.isEmpty {
      line(head)
    } else if head.count + 2 + note.count <= Self.width {
      line(head + "  " + note)
    } else {
      line(head)
      paragraph(note, indent: 4)
    }
  }

  /// A table under a title.
  package mutating func table(_ title: String, _ table: TextTable) {
    line("")
    line(title)
    for text in table.lines(width: Self.width) { line(text) }
  }

  /// Something to beware of.
  mutating func warning(_ text: String) {
    cautions.append(text)
    line("")
    paragraph("Warning: \(text)")
  }
}

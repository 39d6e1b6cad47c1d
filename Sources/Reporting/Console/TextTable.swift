/// A table for a terminal: columns as wide as what they hold, numbers aligned on the right.
///
/// It never leaves the screen: two spaces between columns where there is room, one where there is
/// less; then columns that may go are left out, the last of them first; and where even that is too
/// wide, each row becomes a few lines of titles and cells.
package struct TextTable: Hashable, Sendable {
  /// A column's heading and how its cells stand.
  package struct Column: Hashable, Sendable {
    var title: String
    /// Whether cells are aligned on the right.
    var isNumber = true
    /// Whether the column may be left out where there is no room.
    var isOptional = false

    package init(_ title: String, isNumber: Bool = true, isOptional: Bool = false) {
      self.title = title
      self.isNumber = isNumber
      self.isOptional = isOptional
    }
  }

  package var columns: [Column]
  /// As many cells in each as there are columns.
  package var rows: [[String]]

  /// A table of these columns and rows.
  package init(columns: [Column], rows: [[String]]) {
    self.columns = columns
    self.rows = rows
  }

  /// The lines, each behind so many spaces and at most `width` characters long.
  package func lines(indent: Int = 2, width: Int = 80) -> [String] {
    let margin = String(repeating: " ", count: indent)
    let cells = [columns.map(\.title)] + rows
    let widths = columns.indices.map { column in cells.map { $0[column].count }.max() ?? 0 }
    var shown = Array(columns.indices)
    while true {
      let needed = shown.reduce(indent) { $0 + widths[$1] }
      for gap in [2, 1] where needed + gap * (shown.count - 1) <= width {
        return cells.map { (margin + line($0, shown, widths, gap: gap)).trimmed }
      }
      guard let dropped = shown.lastIndex(where: { columns[$0].isOptional }) else { break }
      shown.remove(at: dropped)
    }
    return rows.flatMap { row in
      let text = zip(columns, row).map { "\($0.title) \($1)" }.joined(separator: ", ")
      return text.wrapped(to: width - indent).map { margin + $0 }
    }
  }

  private func line(_ cells: [String], _ shown: [Int], _ widths: [Int], gap: Int) -> String {
    let parts = shown.map { column in
      columns[column].isNumber
        ? cells[column].aligned(to: widths[column])
        : column == shown.last ? cells[column] : cells[column].padded(to: widths[column])
    }
    return parts.joined(separator: String(repeating: " ", count: gap))
  }
}

extension String {
  /// The text without spaces at its end.
  fileprivate var trimmed: String {
    var rest = self[...]
    while rest.last == " " { rest.removeLast() }
    return String(rest)
  }
}

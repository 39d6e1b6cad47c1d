import Testing

@testable import Reporting

@Suite("Text table")
struct TextTableTests {
  private static let columns: [TextTable.Column] = [
    .init("Name", isNumber: false), .init("Count"), .init("Extra", isOptional: true),
    .init("Why", isNumber: false),
  ]
  private static let table = TextTable(
    columns: columns, rows: [["a", "1", "22", "x y"], ["bcd", "1,000", "3", "z"]])

  private static let shapes: [(Int, [String])] = [
    (80, ["  Name  Count  Extra  Why", "  a         1     22  x y", "  bcd   1,000      3  z"]),
    (25, ["  Name  Count  Extra  Why", "  a         1     22  x y", "  bcd   1,000      3  z"]),
    (24, ["  Name Count Extra Why", "  a        1    22 x y", "  bcd  1,000     3 z"]),
    (22, ["  Name Count Extra Why", "  a        1    22 x y", "  bcd  1,000     3 z"]),
    (21, ["  Name  Count  Why", "  a         1  x y", "  bcd   1,000  z"]),
    (16, ["  Name Count Why", "  a        1 x y", "  bcd  1,000 z"]),
    (
      15,
      [
        "  Name a, Count", "  1, Extra 22,", "  Why x y", "  Name bcd,", "  Count 1,000,",
        "  Extra 3, Why", "  z",
      ]
    ),
  ]

  @Test("It takes the room there is", arguments: shapes)
  func shape(_ width: Int, _ lines: [String]) {
    #expect(Self.table.lines(width: width) == lines)
    #expect(lines.allSatisfy { $0.count <= width })
  }

  @Test func `a table without rows is its headings`() {
    let table = TextTable(columns: Self.columns, rows: [])
    #expect(table.lines(indent: 0) == ["Name  Count  Extra  Why"])
  }
}

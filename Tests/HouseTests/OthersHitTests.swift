import Testing

/// `Documentation/what-others-hit.md`: each problem that others had has a test here.
@Suite("What others hit")
struct OthersHitTests {
  /// The rows of the table, by their numbers.
  private static func rows() throws -> [(number: Int, cells: Substring)] {
    let page = try #require(try House.files("Documentation/what-others-hit.md").first)
    return page.lines.compactMap { line in
      guard let match = line.prefixMatch(of: #/\| (\d+) \|/#), let number = Int(match.1) else {
        return nil
      }
      return (number, line[match.range.upperBound...])
    }
  }

  @Test func `all rows are there, each with a test that is there`() throws {
    let rows = try Self.rows()
    #expect(rows.map(\.number) == Array(1...22))
    let files = try House.files("Tests").filter { $0.path.hasSuffix("Tests.swift") }
    for row in rows {
      // A test as the table names it: FileTests: `what it says`
      let tests = row.cells.matches(of: #/([A-Za-z]+Tests): `([^`]+)`/#)
      #expect(!tests.isEmpty, "row \(row.number) names no test")
      for test in tests {
        let isThere = files.contains { file in
          // Of a table the name stands in quotes, of a function in backticks.
          file.path.hasSuffix("/\(test.1).swift")
            && (file.text.contains("\"\(test.2)\"") || file.text.contains("`\(test.2)`"))
        }
        #expect(isThere, "row \(row.number): \(test.1) has no test '\(test.2)'")
      }
    }
  }

  @Test func `a test of a row names it`() throws {
    let rows = try Self.rows()
    for file in try House.files("Tests/SessionTests/Rows") {
      for match in file.text.matches(of: #/["`](C\d\d[^"`]*)["`]/#) {
        let isListed = rows.contains { $0.cells.contains("`\(match.1)`") }
        #expect(isListed, "\(file.path): '\(match.1)' is in no row of what-others-hit.md")
      }
    }
  }
}

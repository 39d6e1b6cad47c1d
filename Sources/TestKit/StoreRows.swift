package import Persistence

extension Store {
  /// Every row of these tables as text, for comparing two stores.
  package static func rows(of path: String, tables: [String]) throws -> [String] {
    let connection = try Connection(path: path, mode: .readOnly)
    var lines: [String] = []
    for table in tables {
      var columns: [String] = []
      try connection.prepare("SELECT name FROM pragma_table_info(?)").forEachRow(table) { row in
        columns.append(try row.value(at: 0))
      }
      let parts = columns.map { "quote(\($0))" }.joined(separator: " || '|' || ")
      try connection.prepare("SELECT \(parts) FROM \(table) ORDER BY 1").forEachRow { row in
        lines.append("\(table)|" + (try row.value(at: 0)))
      }
    }
    return lines
  }
}

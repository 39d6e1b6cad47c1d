extension Connection {
  /// A row that names another which is not there.
  package struct Dangling: Hashable, Sendable, CustomStringConvertible {
    /// The table of the row.
    package var table: String
    /// Its row id; `nil` in a table without them.
    package var rowID: Int64?
    /// The table that lacks the other.
    package var parent: String

    /// `fills, row 12: names a row of orders that is not there`.
    package var description: String {
      "\(table)\(rowID.map { ", row \($0)" } ?? ""): names a row of \(parent) that is not there"
    }
  }

  /// What `PRAGMA integrity_check` finds: nothing in a sound file, at most `limit` lines otherwise.
  ///
  /// Damage that stops the check itself is the last of the lines.
  package func integrityDefects(limit: Int = 100) throws(SQLiteError) -> [String] {
    var defects: [String] = []
    do {
      let check = try prepare("PRAGMA integrity_check(\(limit))")
      while try check.step() {
        let line: String = try check.value(at: 0)
        if line != "ok" { defects.append(line) }
      }
    } catch {
      guard error.problem == .corrupt else { throw error }
      defects.append("the check stops here: \(error.message)")
    }
    return Array(defects.prefix(limit))
  }

  /// The rows that break a foreign key, at most `limit`.
  package func danglingRows(limit: Int = 100) throws -> [Dangling] {
    var rows: [Dangling] = []
    let check = try prepare("PRAGMA foreign_key_check")
    defer { check.reset() }
    while rows.count < limit, try check.step() {
      rows.append(
        Dangling(
          table: try check.value(at: 0), rowID: try check.value(at: 1),
          parent: try check.value(at: 2)))
    }
    return rows
  }
}

/// Why a database's schema is not what is needed, or could not be made so.
package struct MigrationError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong.
  package enum Problem: Hashable, Sendable {
    /// There is no schema yet.
    case empty
    /// The tables of some other program.
    case foreign
    /// The schema is that of an earlier version.
    case older(found: Int, newest: Int)
    /// The schema is that of a later program.
    case newer(found: Int, newest: Int)
    /// A step reads otherwise than when it was applied.
    case changed(version: Int, name: String)
    /// The list of steps in the file has a gap, or disagrees with the file's version.
    case inconsistent(String)
    /// There is no such version to go to.
    case noSuchVersion(Int, from: Int, newest: Int)
    /// A step could not be done, and was taken back.
    case failed(version: Int, name: String, isUp: Bool, reason: String)
  }

  /// The file.
  package var path: String
  /// What is wrong.
  package var problem: Problem

  /// One line for the user.
  package var description: String {
    let migrate = "runner db migrate apply --db \(path)"
    switch problem {
    case .empty:
      return "\(path): the database has no tables yet. Make them: \(migrate)"
    case .foreign:
      return "\(path): this database belongs to another program, and is left alone. Check the path."
    case .older(let found, let newest):
      return
        "\(path): the schema is version \(found), this program needs version \(newest). Make a "
        + "backup (runner db backup FILE --db \(path)), then: \(migrate)"
    case .newer(let found, let newest):
      return "\(path): the schema is version \(found), this program knows only \(newest). Use the "
        + "program that made it, or a later one."
    case .changed(let version, let name):
      return
        "\(path): migration \(version) (\(name)) is not the one that was applied here. Use the "
        + "program that made the database, or restore a backup made by `runner db backup`."
    case .inconsistent(let what):
      return
        "\(path): the list of migrations is not sound: \(what). Run `runner db check --db \(path)`, "
        + "and restore a backup made by `runner db backup`."
    case .noSuchVersion(let version, let from, let newest):
      return
        "\(path): cannot migrate to version \(version): the schema is version \(from), the newest "
        + "is \(newest). To go back: runner db migrate rollback --last --db \(path)"
    case .failed(let version, let name, let isUp, let reason):
      return
        "\(path): migration \(version) (\(name)) could not be \(isUp ? "applied" : "rolled back"), "
        + "nothing of it was kept: \(reason)"
    }
  }
}

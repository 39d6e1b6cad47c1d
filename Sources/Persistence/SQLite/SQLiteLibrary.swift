import Glibc

/// One of the two libraries, loaded when it is first asked for and never unloaded.
///
/// `RTLD_LOCAL` keeps its names to itself, so that both may be in one process, as in the tests, and
/// each calls itself. A process that opens plain files only never needs SQLCipher, and the other way
/// round.
package final class SQLiteLibrary: Sendable {
  /// Which library this is.
  package let flavour: SQLiteFlavour
  let functions: SQLiteFunctions

  /// The library of that kind.
  ///
  /// - Throws: An error that names the package to install.
  package static func load(_ flavour: SQLiteFlavour) throws(SQLiteError) -> SQLiteLibrary {
    switch flavour {
    case .plain: try plain.get()
    case .encrypting: try encrypting.get()
    }
  }

  /// The version of SQLite inside, such as `3.40.1`.
  package var version: String { functions.libraryVersion().map { String(cString: $0) } ?? "" }

  private static let plain = attempt(.plain)
  private static let encrypting = attempt(.encrypting)

  private static func attempt(_ flavour: SQLiteFlavour) -> Result<SQLiteLibrary, SQLiteError> {
    Result { () throws(SQLiteError) in
      try SQLiteLibrary(flavour, fileNames: flavour.fileNames)
    }
  }

  /// Loads the first of the files that is there.
  init(_ flavour: SQLiteFlavour, fileNames: [String]) throws(SQLiteError) {
    var reasons: [String] = []
    for name in fileNames {
      do {
        functions = try Self.functions(of: name, flavour)
        self.flavour = flavour
        return
      } catch {
        reasons.append(error.text)
      }
    }
    throw SQLiteError(
      path: "", problem: .libraryMissing(flavour), message: reasons.joined(separator: "; "))
  }

  private struct Reason: Error {
    let text: String
  }

  private static func functions(
    of name: String, _ flavour: SQLiteFlavour
  ) throws(Reason) -> SQLiteFunctions {
    guard let library = dlopen(name, RTLD_NOW | RTLD_LOCAL) else {
      throw Reason(text: dlerror().map { String(cString: $0) } ?? "\(name): unknown reason")
    }
    let functions: SQLiteFunctions
    do {
      functions = try SQLiteFunctions(in: library)
    } catch {
      throw Reason(text: "\(name): it has no \(error.name)")
    }
    guard flavour == .plain || functions.key != nil else {
      throw Reason(text: "\(name): it is built without encryption")
    }
    return functions
  }
}

/// Which of the two libraries that speak SQLite.
///
/// They export the same names, so that neither is linked: `SQLiteLibrary` loads the one that a file
/// needs.
package enum SQLiteFlavour: Hashable, Sendable, CaseIterable {
  /// SQLite itself.
  case plain
  /// SQLCipher: SQLite with pages encrypted by AES-256.
  case encrypting

  /// The library's file names, the newest first.
  var fileNames: [String] {
    switch self {
    case .plain: ["libsqlite3.so.0"]
    case .encrypting: ["libsqlcipher.so.2", "libsqlcipher.so.1", "libsqlcipher.so.0"]
    }
  }

  /// What to install where it is missing.
  var advice: String {
    switch self {
    case .plain: "Install SQLite: apt-get install libsqlite3-0"
    case .encrypting:
      "Install SQLCipher: apt-get install libsqlcipher0 (Debian 12) or libsqlcipher1 (Ubuntu 24.04, "
        + "Debian 13)"
    }
  }
}

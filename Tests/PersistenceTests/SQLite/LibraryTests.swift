import Testing

@testable import Persistence

@Suite("The two libraries")
struct LibraryTests {
  @Test(arguments: SQLiteFlavour.allCases)
  func `each is loaded and speaks for itself`(flavour: SQLiteFlavour) throws {
    let library = try SQLiteLibrary.load(flavour)
    #expect(library.flavour == flavour)
    #expect(library.version.hasPrefix("3."))
    let connection = try Connection(raw: ":memory:", mode: .create, library: library)
    // The names of one do not shadow those of the other: each answers with its own version.
    #expect(try connection.single("SELECT sqlite_version()") == library.version)
    let cipher = try connection.prepare("PRAGMA cipher_version")
    #expect(try cipher.step() == (flavour == .encrypting))
  }

  @Test func `an absent library names the package`() throws {
    let plain = try sqliteError { _ = try SQLiteLibrary(.plain, fileNames: ["libnothing.so.7"]) }
    #expect(plain.problem == .libraryMissing(.plain))
    #expect(plain.description.contains("libnothing.so.7: cannot open shared object file"))
    #expect(plain.description.hasSuffix("apt-get install libsqlite3-0"))
    let encrypting = try sqliteError {
      _ = try SQLiteLibrary(.encrypting, fileNames: ["libnothing.so.8", "libnothing.so.7"])
    }
    #expect(encrypting.description.contains("libnothing.so.8"))
    #expect(encrypting.description.contains("libnothing.so.7"))
    #expect(encrypting.description.contains("libsqlcipher0 (Debian 12) or libsqlcipher1 (Ubuntu"))
  }

  @Test func `another library is not taken for it`() throws {
    let error = try sqliteError { _ = try SQLiteLibrary(.plain, fileNames: ["libm.so.6"]) }
    #expect(error.description.contains("libm.so.6: it has no sqlite3_open_v2"))
    let plain = try sqliteError {
      _ = try SQLiteLibrary(.encrypting, fileNames: SQLiteFlavour.plain.fileNames)
    }
    #expect(plain.description.contains("it is built without encryption"))
  }
}

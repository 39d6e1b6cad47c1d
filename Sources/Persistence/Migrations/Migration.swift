import Hashing

/// One step of the schema, up and down.
package struct Migration: Hashable, Sendable {
  /// Its place: 1 is the first, and none is left out.
  package let version: Int
  /// What it does, in a word or two.
  package let name: String
  /// The SQL that takes a database from the version before to this one.
  package let up: String
  /// The SQL that takes it back.
  package let down: String

  /// Declares a step.
  ///
  /// Neither text begins or ends a transaction: the migrator does.
  package init(version: Int, name: String, up: String, down: String) {
    self.version = version
    self.name = name
    self.up = up
    self.down = down
  }

  /// SHA-256 of both texts: a step that has been applied must not change any more.
  package var checksum: String {
    Digest.hexadecimal(of: Array(up.utf8) + [0] + Array(down.utf8), .sha256)
  }
}

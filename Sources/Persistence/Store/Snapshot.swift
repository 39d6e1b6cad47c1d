import Hashing
package import Market

/// The whole state of a run after one of its events.
package struct Snapshot: Hashable, Sendable {
  /// The event.
  package var seq: Int64
  /// When it happened.
  package var time: Timestamp
  /// The state, as `StateText` writes it.
  package var body: String

  /// What tells a damaged snapshot from a whole one.
  static func digest(seq: Int64, body: String) -> String {
    Digest.hexadecimal(of: Array("\(seq)\n\(body)".utf8), .sha256)
  }
}

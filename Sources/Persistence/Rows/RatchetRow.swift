package import Market

/// A row of `ratchets`: a stop was to move up.
package struct RatchetRow: Hashable, Sendable {
  /// The position whose stop it was.
  package var position: Int
  /// Counts the position's ratchets, from 1.
  package var ordinal: Int
  /// When.
  package var time: Timestamp
  /// The trigger before.
  package var from: Price
  /// The trigger after.
  package var to: Price
  /// The greatest price of the position then.
  package var highest: Price
}

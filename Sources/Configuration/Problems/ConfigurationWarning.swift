public import Market

/// Something in the configuration that is allowed and can hardly be meant.
///
/// A run goes on, because in none of these cases is it certain that nothing can be traded: a limit cuts
/// or refuses entries, which may be what a test wants, and an entry that cash cuts may pass where
/// a full one would not.
public struct ConfigurationWarning: Hashable, Sendable, CustomStringConvertible {
  /// What it is.
  public enum Reason: Hashable, Sendable {
    /// The pair's entries are larger than the limit, and are cut to it.
    case alwaysCut(pair: String, size: Rate, limit: Money)
    /// One entry of the pair is more than its group may hold, so it is refused.
    case alwaysRefused(pair: String, limit: Money)
    /// No two pairs of the group fit its limit.
    case groupHoldsOne(String, pairs: [String], limit: Money)
    /// There are no more pairs than may have a position.
    case limitOutOfReach(Int, pairs: Int)
    /// The pairs that may be held at once want more cash than there is.
    case moreThanCash(percent: Money)
  }

  /// Where the limit was set, or the last thing that makes it so.
  public let origin: Origin
  /// What it is.
  public let reason: Reason

  /// One line: `file:line:column: what`.
  public var description: String { "\(origin.place): \(reason)" }
}

extension ConfigurationWarning.Reason: CustomStringConvertible {
  /// What it is and what it leads to, without the place.
  public var description: String {
    switch self {
    case .alwaysCut(let pair, let size, let limit):
      "an entry of \(shown(pair)) is a position_size of \(size), more than max_position_size_pct of "
        + "\(limit) percent: every entry is cut to that"
    case .alwaysRefused(let pair, let limit):
      "one entry of \(shown(pair)) is more than max_correlated_exposure_pct of \(limit) percent "
        + "lets its group hold: it is refused, unless cash or a limit cuts it first"
    case .groupHoldsOne(let group, let pairs, let limit):
      "group \(shown(group)) can never hold two of its pairs (\(shown(pairs.joined(separator: ", ")))): "
        + "the two smallest are more than max_correlated_exposure_pct of \(limit) percent"
    case .limitOutOfReach(let limit, let pairs):
      "max_positions of \(limit) limits nothing, there are \(pairs) pairs"
    case .moreThanCash(let percent):
      "the pairs that may be held at once want \(percent) percent of equity together: "
        + "the cash ends before, and the last entries are smaller or skipped"
    }
  }
}

public import Market

/// What the portfolio knows of one of its pairs.
public struct PairExposure: Hashable, Sendable, Codable {
  /// Whether a pair takes part.
  public enum Membership: String, Hashable, Sendable, Codable {
    /// It may enter.
    case registered
    /// It is to go as soon as it is flat, and may not enter any more.
    case leaving
    /// It went; its number is not given again.
    case removed
  }

  /// Which correlation group the pair belongs to: pairs of one number do.
  public var group: Int
  /// What is held.
  public internal(set) var quantity = Quantity.zero
  /// The price at which that counts: the pair's latest close.
  public internal(set) var close = Price.zero
  /// What a working entry has not filled; 0 where there is none.
  public internal(set) var unfilled = Quantity.zero
  /// The limit of that entry.
  public internal(set) var limit = Price.zero
  /// Whether that entry was submitted and the exchange has not answered yet.
  public internal(set) var isUnanswered = false
  /// Whether it takes part.
  public internal(set) var membership = Membership.registered

  /// A pair that holds nothing.
  public init(group: Int) { self.group = group }

  /// Position × latest close + unfilled × limit; SEMANTICS 8.4(c).
  public var exposure: Money { close * quantity + limit * unfilled }
  /// Whether it has a position or a working entry; 8.4(a).
  public var isActive: Bool { quantity != .zero || unfilled != .zero }
}

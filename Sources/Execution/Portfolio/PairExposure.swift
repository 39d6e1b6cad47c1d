public import Market

/// What the portfolio knows of one of its pairs.
public struct PairExposure: Hashable, Sendable {
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

  /// A pair that holds nothing.
  public init(group: Int) { self.group = group }

  /// Position × latest close + unfilled × limit; SEMANTICS 8.4(c).
  public var exposure: Money { close * quantity + limit * unfilled }
  /// Whether it has a position or a working entry; 8.4(a).
  public var isActive: Bool { quantity != .zero || unfilled != .zero }
}

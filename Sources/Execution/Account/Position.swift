public import Market

/// What a pair holds, how it came by it, and the plan by which it leaves.
///
/// Flat is a position of quantity 0, so that the engine changes it in place.
@usableFromInline
package struct Position<Exit: Sendable & Codable>: Sendable, Codable {
  /// What is held now; 0 when flat.
  @usableFromInline package var quantity: Quantity = .zero
  /// The greatest price since the position opened.
  @usableFromInline package var highest: Price = .zero
  /// The trigger in force; it never falls within a position (invariant I1).
  @usableFromInline package var trigger: Price = .zero
  /// The highest price at which the stop is to be replaced by one higher up.
  @usableFromInline package var ratchetLevel: Price = .greatest
  /// When the stop was known to be triggered; τ of SEMANTICS 5.6.
  @usableFromInline package var triggeredAt: Timestamp?
  /// When the last rescue was submitted.
  @usableFromInline package var lastRescue: Timestamp?
  /// The trade at which a rescue fell due while an exit order was still on its way.
  @usableFromInline package var deferredRescue: Price?
  /// The exit order there should be.
  @usableFromInline package var plan = ExitPlan(
    role: .stop, trigger: nil, limit: .zero, isRescue: false, revision: 0)
  /// The rule that governs the position to its end; `nil` when flat.
  @usableFromInline package var exit: Exit?

  /// Units bought so far.
  @usableFromInline package var bought: Quantity = .zero
  /// Σ price × quantity of the buys.
  @usableFromInline package var entryNotional: Money = .zero
  /// Σ price × quantity of the sells.
  @usableFromInline package var exitNotional: Money = .zero
  /// Σ fees of both.
  @usableFromInline package var fees: Money = .zero
  /// When the first fill came.
  @usableFromInline package var entryTime = Timestamp(nanoseconds: 0)
  /// The number of the entry order.
  @usableFromInline package var entryOrder: UInt64 = 0
  /// How often the stop was moved up.
  @usableFromInline package var ratchets = 0
  /// How many rescues were submitted.
  @usableFromInline package var escalations = 0

  @usableFromInline package init() {}

  /// Whether anything is held.
  @inlinable
  package var isOpen: Bool { quantity.steps != 0 }
}

/// The exit order there should be; the engine brings the one there is in line with it.
public struct ExitPlan: Hashable, Sendable, Codable {
  /// What the order is for.
  public var role: OrderRole
  /// A stop's trigger; `nil` for a limit sell.
  public var trigger: Price?
  /// The worst price.
  public var limit: Price
  /// Whether the rhythm of rescues made it, not the operator's word itself.
  public var isRescue: Bool
  /// Counts the plans of a pair, since two may name the same price and still be two orders.
  public var revision: Int

  @usableFromInline
  init(role: OrderRole, trigger: Price?, limit: Price, isRescue: Bool, revision: Int) {
    self.role = role
    self.isRescue = isRescue
    self.trigger = trigger
    self.limit = limit
    self.revision = revision
  }
}

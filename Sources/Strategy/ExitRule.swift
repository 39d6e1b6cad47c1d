public import Market

/// Where the stop of a position stands, and how it follows the price.
///
/// The engine owns the order: it submits the stop at the first fill, covers every unit of the
/// position with exactly one exit order, replaces by cancel, confirm, submit, and rescues what a gap
/// left unsold. The rule only names prices. The one in force when a position opens governs it to its
/// end. Whatever a rule answers, a trigger never falls within a position (invariant I1).
/// It is `Codable` for the same reason as the strategy: a restart finds it as it was.
public protocol ExitRule: Sendable, Codable {
  /// The keys of the `exit` section of the configuration that this rule reads.
  static var parameters: [Parameter] { get }

  /// A rule with these values of `parameters`.
  init(_ parameters: Parameters) throws(ParameterError)

  /// The trigger that belongs to a position whose highest price so far is `highest`.
  ///
  /// - Returns: A multiple of the tick; 0 where it would lie below the first one.
  func trigger(highest: Price, of product: Product) -> Price

  /// The limit price of a stop with this trigger: the worst price at which it may sell.
  ///
  /// - Returns: A multiple of the tick; 0 where it would lie below the first one.
  func limit(trigger: Price, of product: Product) -> Price

  /// The least highest price at which the stop at `trigger` is to be replaced by one higher up.
  ///
  /// The engine compares each trade with this one number instead of working out a trigger. A level
  /// that is too low costs time only, since nothing is replaced unless the trigger rises; one that is
  /// too high moves the stop too late.
  /// - Returns: `nil` if the stop is never moved.
  func ratchetLevel(trigger: Price, of product: Product) -> Price?

  /// What is done when a triggered stop does not fill.
  var rescue: Rescue { get }
}

/// The rescue of a position whose triggered stop does not sell: ever lower limit orders.
///
/// SEMANTICS 5.6: `after` the trigger, and again `after` each attempt, the exit is replaced by a
/// limit sell `offset` below the last trade.
public struct Rescue: Hashable, Sendable, Codable {
  /// How long an exit order may rest before the next attempt.
  public var after: TimeSpan
  /// How far below the trade the next limit is, as a fraction of its price.
  public var offset: Rate

  /// A rescue with this patience and this step.
  public init(
    after: TimeSpan = TimeSpan(seconds: 60), offset: Rate = Rate(steps: 10_000_000_000_000_000)
  ) {
    self.after = after
    self.offset = offset
  }

  /// The keys every exit rule shares.
  public static let parameters = [
    Parameter(
      "escalate_after", .integer(Bounds(0...31_536_000)), default: "60",
      help: "seconds a triggered stop may stay unsold before a limit sell chases the price"),
    Parameter(
      "escalate_offset", .rate(Bounds(.included(0), .excluded(1))), default: "0.01",
      help: "how far below the last trade that limit sell is placed, as a fraction"),
  ]

  /// The values of the shared keys.
  public init(_ parameters: Parameters) {
    after = TimeSpan(seconds: Int64(parameters.integer("escalate_after")))
    offset = parameters.rate("escalate_offset")
  }

  /// `floorTick(price × (1 − offset))`, at least one tick.
  public func price(after trade: Price, of product: Product) -> Price {
    product.atLeastOneTick(product.floorTick(trade, times: offset.complement))
  }
}

public import Market

/// A trailing stop-limit that only ever moves up; SEMANTICS 5.
///
///     trigger = floorTick(highest · (1 − trail))
///     limit   = floorTick(trigger · (1 − stop_limit_offset))
///     replaced when the new trigger > trigger in force · (1 + min_ratchet)
///
/// All of it in exact decimals, each expression rounded once.
public struct RatchetExit: ExitRule, Hashable {
  /// How far below the highest price the trigger follows, as a fraction of it.
  public var trail: Rate
  /// How much higher, as a fraction, a trigger must be to be worth a replacement.
  public var minRatchet: Rate
  /// How far below the trigger the limit is, as a fraction of the trigger.
  public var stopLimitOffset: Rate
  /// What follows when the triggered stop does not sell.
  public var rescue: Rescue

  /// The keys of the `exit` section.
  public static let parameters =
    [
      Parameter(
        "trail", .rate(Bounds(.excluded(0), .excluded(1))), default: "0.02",
        help: "how far the stop's trigger follows below the highest price, as a fraction"),
      Parameter(
        "min_ratchet", .rate(Bounds(0...1)), default: "0.001",
        help: "how much higher a trigger must be to replace the stop, as a fraction"),
      Parameter(
        "stop_limit_offset", .rate(Bounds(.included(0), .excluded(1))), default: "0.005",
        help: "how far the stop's limit lies below its trigger, as a fraction"),
    ] + Rescue.parameters

  /// A rule with these values.
  public init(_ parameters: Parameters) {
    trail = parameters.rate("trail")
    minRatchet = parameters.rate("min_ratchet")
    stopLimitOffset = parameters.rate("stop_limit_offset")
    rescue = Rescue(parameters)
  }

  /// `floorTick(highest × (1 − trail))`.
  public func trigger(highest: Price, of product: Product) -> Price {
    product.floorTick(highest, times: trail.complement)
  }

  /// `floorTick(trigger × (1 − stop_limit_offset))`.
  public func limit(trigger: Price, of product: Product) -> Price {
    product.floorTick(trigger, times: stopLimitOffset.complement)
  }

  /// The least price p with `floorTick(p × (1 − trail)) > trigger × (1 + min_ratchet)`.
  ///
  /// The next tick strictly above the right side, divided by 1 − trail and rounded up: flooring
  /// that price's trigger reaches the tick, flooring the one a step below does not.
  public func ratchetLevel(trigger: Price, of product: Product) -> Price? {
    let tick = Int128(product.quoteIncrement.steps)
    let least = Int128(product.ticks(in: trigger, times: minRatchet.growth).whole) + 1
    guard let target = Int64(exactly: least * tick) else { return nil }
    let (level, rest) = (Int128(target) &* 1_000_000_000_000_000_000)
      .quotientAndRemainder(dividingBy: Int128(trail.complement.steps))
    return Int64(exactly: level + (rest == 0 ? 0 : 1)).map(Price.init(steps:))
  }
}

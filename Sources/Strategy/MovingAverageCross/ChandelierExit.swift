public import Market

/// A trailing stop at a fixed distance in price, measured by the market's own range.
///
///     trigger = floorTick(highest − distance),  distance = multiple · ATR when the position opened
///
/// Known as the chandelier exit (C. Le Beau). Beside `RatchetExit` it shows that a rule need not be
/// a percentage: whoever computes the ATR sets `distance`.
public struct ChandelierExit: ExitRule, Hashable {
  /// Candles in the average true range.
  public let period: Int
  /// How many average ranges the stop keeps away.
  public let multiple: Double
  /// How far below the trigger the limit is, as a fraction of the trigger.
  public let stopLimitOffset: Rate
  /// What follows when the triggered stop does not sell.
  public let rescue: Rescue
  /// How far below the highest price the trigger is.
  public var distance = Price.zero

  /// The keys of the `exit` section.
  public static let parameters =
    [
      Parameter(
        "atr_period", .integer(Bounds(1...100_000)), default: "14",
        help: "candles in the average true range"),
      Parameter(
        "atr_multiple", .number(Bounds(.excluded(0), .included(1000))), default: "3",
        help: "how many average true ranges the stop keeps below the highest price"),
      Parameter(
        "stop_limit_offset", .rate(Bounds(.included(0), .excluded(1))), default: "0.005",
        help: "how far the stop's limit lies below its trigger, as a fraction"),
    ] + Rescue.parameters

  /// A rule with these values; its distance is 0 until somebody sets it.
  public init(_ parameters: Parameters) {
    period = parameters.integer("atr_period")
    multiple = parameters.number("atr_multiple")
    stopLimitOffset = parameters.rate("stop_limit_offset")
    rescue = Rescue(parameters)
  }

  /// `floorTick(highest − distance)`, or 0 where that is not above 0.
  public func trigger(highest: Price, of product: Product) -> Price {
    highest > distance ? product.floorTick(highest - distance) : .zero
  }

  /// `floorTick(trigger × (1 − stop_limit_offset))`.
  public func limit(trigger: Price, of product: Product) -> Price {
    product.floorTick(trigger, times: stopLimitOffset.complement)
  }

  /// The next tick above the trigger, and the distance on top of it.
  public func ratchetLevel(trigger: Price, of product: Product) -> Price? {
    let next = Int128(trigger.steps) + Int128(product.quoteIncrement.steps)
    return Int64(exactly: next + Int128(distance.steps)).map(Price.init(steps:))
  }
}

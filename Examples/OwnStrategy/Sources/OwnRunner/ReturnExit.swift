import Market
import Strategy

/// A fixed stop until the price is back at a target, and a close one that follows from then on.
///
///     trigger = floorTick(highest · (1 − stop_loss))    while highest < target
///             = floorTick(highest · (1 − follow))       from then on
struct ReturnExit: ExitRule {
  static let parameters =
    [
      Parameter(
        "stop_loss", .rate(Bounds(.excluded(0), .excluded(1))), default: "0.03",
        help: "how far below the entry the stop's trigger is, as a fraction"),
      Parameter(
        "follow", .rate(Bounds(.excluded(0), .excluded(1))), default: "0.005",
        help: "how far it follows below the highest price after the target, as a fraction"),
      Parameter(
        "stop_limit_offset", .rate(Bounds(.included(0), .excluded(1))), default: "0.005",
        help: "how far the stop's limit lies below its trigger, as a fraction"),
    ] + Rescue.parameters

  let stopLoss: Rate
  let follow: Rate
  let stopLimitOffset: Rate
  let rescue: Rescue
  /// The price at which the stop begins to follow; the strategy sets it.
  var target = Price.zero

  init(_ parameters: Parameters) throws(ParameterError) {
    stopLoss = parameters.rate("stop_loss")
    follow = parameters.rate("follow")
    stopLimitOffset = parameters.rate("stop_limit_offset")
    rescue = Rescue(parameters)
    guard follow + follow <= stopLoss else {
      throw .contradiction(
        key: "follow", rule: "\(follow) must be at most half of stop_loss, which is \(stopLoss)")
    }
  }

  func trigger(highest: Price, of product: Product) -> Price {
    product.floorTick(highest, times: (highest < target ? stopLoss : follow).complement)
  }

  func limit(trigger: Price, of product: Product) -> Price {
    product.floorTick(trigger, times: stopLimitOffset.complement)
  }

  func ratchetLevel(trigger: Price, of product: Product) -> Price? {
    if trigger < self.trigger(highest: target, of: product) { return target }
    // Twice as far above the trigger as it keeps: a replacement now and then, not at every tick.
    return product.ceilTick(trigger, times: (follow + follow).growth)
  }
}

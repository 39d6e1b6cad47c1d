import Market

/// The fee rate that fills were charged at.
enum ObservedRate {
  /// The rate of most of these fills; the expected one where that fits, or none does.
  static func of(_ fills: [Fill], expecting rate: Rate) -> Rate {
    func count(_ rate: Rate) -> Int { fills.count { $0.notional.fee(at: rate) == $0.fee } }
    let fitting = count(rate)
    guard let odd = fills.first(where: { $0.notional.fee(at: rate) != $0.fee }),
      let other = shortestRate(of: odd)
    else { return rate }
    return count(other) > fitting ? other : rate
  }

  /// The rate with the fewest decimals that gives a fill's fee.
  static func shortestRate(of fill: Fill) -> Rate? {
    guard fill.notional > .zero, fill.fee >= .zero, fill.fee < fill.notional else { return nil }
    let unit = UInt128(Rate.stepsPerUnit)
    let product = fill.fee.steps.magnitude.multipliedFullWidth(by: unit)
    // Below 1, since the fee is less than the notional.
    let exact = fill.notional.steps.magnitude.dividingFullWidth(product).quotient
    var step = unit / 10_000
    while step > 0 {
      let steps = (exact + step / 2) / step * step
      if let rate = Int64(exactly: steps).map(Rate.init(steps:)),
        fill.notional.fee(at: rate) == fill.fee
      {
        return rate
      }
      step /= 10
    }
    return nil
  }
}

public import Execution
public import Market
public import Strategy

/// Price and size of the entry that a signal asks for; SEMANTICS 4.3, 4.4 and 8.4(b).
public struct EntryTerms: Hashable, Sendable {
  /// floorTick(reference × (1 − offset)).
  public var limit: Price
  /// The account's worth.
  public var equity: Money
  /// The cash that no working entry may need.
  public var available: WideMoney
  /// The share of equity that an entry may spend.
  public var positionSize: Rate
  /// The fee rate that it must be able to pay.
  public var takerRate: Rate
  /// What that buys.
  public var quantity: Quantity
  /// What max_position_size_pct leaves of it; `nil` where that does not bind.
  public var cut: Quantity?

  /// What the entry would cost, fees aside.
  public var notional: Money { limit * (cut ?? quantity) }

  /// Whether there was less cash than the pair's share of equity.
  public var isBoundByCash: Bool { available < WideMoney(equity, times: positionSize) }

  /// The terms of a signal.
  public init(
    of signal: EntrySignal, on account: AccountMoment, _ engine: EngineSettings,
    _ limits: PortfolioLimits
  ) {
    let product = engine.product
    limit = product.floorTick(signal.reference, times: signal.offset.complement)
    equity = account.equity
    available = account.available
    positionSize = engine.positionSize
    takerRate = engine.takerRate
    let budget = min(WideMoney(equity, times: positionSize), available)
    quantity = product.floorLot(budget.quantity(at: limit, plus: takerRate) ?? .zero)
    guard let percent = limits.maxPositionSize else { return }
    let most = WideMoney(equity, percent: percent)
    guard WideMoney(limit * quantity) > most else { return }
    cut = product.floorLot(most.quantity(at: limit, plus: .zero) ?? .zero)
  }

  /// How price and size came about, each in a sentence or two without an end.
  func words(of signal: EntrySignal, _ product: Product, _ limits: PortfolioLimits) -> [String] {
    func price(_ price: Price) -> String {
      Display.fixed(price, decimals: product.priceDecimals)
    }
    let share =
      isBoundByCash
      ? "\(Refusal.shown(available)) \(product.quoteName) of cash, less than "
        + "\(Display.percent(positionSize.double)) of \(Display.fixed(equity)) of equity,"
      : "\(Display.percent(positionSize.double)) of \(Display.fixed(equity)) "
        + "\(product.quoteName) of equity"
    var words = [
      "price: \(price(signal.reference)) × (1 − \(signal.offset)), down to the tick of "
        + "\(product.quoteIncrement)",
      "size: \(share) / (\(price(limit)) × \(takerRate.growth)), down to the lot of "
        + "\(product.baseIncrement)",
    ]
    if let cut, let percent = limits.maxPositionSize {
      words.append(
        "cut from \(quantity) to \(cut) by max_position_size_pct: at most \(percent)% of equity")
    }
    return words
  }
}

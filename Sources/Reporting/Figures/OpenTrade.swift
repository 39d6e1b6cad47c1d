import Execution
public import Market

/// The position that is open at the end of a run, valued at the last close (SEMANTICS 6.11).
public struct OpenTrade: Hashable, Sendable {
  /// When its first fill came.
  public var entryTime: Timestamp
  /// What is held.
  public var quantity: Quantity
  /// Σ price × quantity of its buys.
  public var entryNotional: Money
  /// What is held × the last close.
  public var value: Money
  /// Value + Σ sells − Σ buys − Σ fees so far: what it would have made, had it been sold at the last
  /// close for nothing.
  public var unrealised: Money
  /// The greatest price since its first fill.
  public var highest: Price
  /// The trigger of its stop.
  public var trigger: Price

  /// Unrealised / entry notional, as a fraction.
  public var unrealisedReturn: Double { unrealised.double / entryNotional.double }

  /// The open trade of a run; `nil` where there is none.
  public init?(_ result: RunResult) {
    guard let position = result.openPosition, let close = result.candles.last?.close else {
      return nil
    }
    entryTime = position.entryTime
    quantity = position.quantity
    highest = position.highest
    trigger = position.trigger
    value = close * position.quantity
    entryNotional = .zero
    unrealised = value
    for fill in result.record.fills.suffix(from: Self.firstFill(of: result.record)) {
      unrealised -= fill.fee
      switch fill.side {
      case .buy:
        entryNotional += fill.notional
        unrealised -= fill.notional
      case .sell:
        unrealised += fill.notional
      }
    }
  }

  /// Where the fills begin that came after the last one that left nothing held.
  private static func firstFill(of record: RunRecord) -> Int {
    var first = 0
    var position = Quantity.zero
    for (index, fill) in record.fills.enumerated() {
      position = fill.side == .buy ? position + fill.quantity : position - fill.quantity
      if position == .zero { first = index + 1 }
    }
    return first
  }
}

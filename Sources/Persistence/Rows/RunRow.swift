package import Market

/// The row of `run`: what the store is of.
package struct RunRow: Hashable, Sendable {
  /// Where the orders go.
  package enum Kind: String, Hashable, Sendable {
    /// A simulated market, against history.
    case backtest
    /// A simulated market, against a feed.
    case paper
    /// The exchange.
    case live
  }

  /// Which events the record holds.
  package enum Keeping: String, Hashable, Sendable {
    /// Those that changed something; the market data is in the files that the manifest names.
    case changes
    /// Every one, so that the record replays without anything else.
    case all
  }

  /// Where the orders go.
  package var kind: Kind
  /// Part of every client order id.
  package var session: UInt64
  /// The value of `strategy.name`.
  package var strategy: String
  /// From what the run can be set up again: a manifest as in result files.
  package var manifest: String
  /// Which events the record holds.
  package var keeping: Keeping
  /// What the account began with.
  package var cash: Money
  /// When the run was complete; `nil` while it is not.
  package var finished: Timestamp?

  /// A run of these figures that is not complete.
  package init(
    kind: Kind, session: UInt64, strategy: String, manifest: String, keeping: Keeping, cash: Money
  ) {
    self.kind = kind
    self.session = session
    self.strategy = strategy
    self.manifest = manifest
    self.keeping = keeping
    self.cash = cash
  }
}

/// A row of `pairs`: a pair as it was registered.
package struct PairRow: Hashable, Sendable {
  /// The product's id, such as `BTC-USD`.
  package var product: String
  /// Its correlation group, if it has one.
  package var group: String?
  /// The tick.
  package var quoteIncrement: Price
  /// The lot.
  package var baseIncrement: Quantity
  /// The candles' length.
  package var interval: TimeSpan
  /// The share of equity that an entry may spend.
  package var positionSize: Rate
  /// The latest close, and when it was.
  package var close: Price?
  package var closeTime: Timestamp?
  /// Whether an operator has stopped entries.
  package var isHalted = false

  /// A pair before its first event.
  package init(
    product: String, group: String?, quoteIncrement: Price, baseIncrement: Quantity,
    interval: TimeSpan, positionSize: Rate
  ) {
    self.product = product
    self.group = group
    self.quoteIncrement = quoteIncrement
    self.baseIncrement = baseIncrement
    self.interval = interval
    self.positionSize = positionSize
  }
}

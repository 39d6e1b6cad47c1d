package import Execution
package import Market

/// What a session needs to know of one of its pairs.
package struct SessionPair: Hashable, Sendable {
  /// What is traded, as the engine has it.
  package var product: Product
  /// The candles' length.
  package var interval: TimeSpan

  /// A pair of these parts.
  package init(product: Product, interval: TimeSpan) {
    self.product = product
    self.interval = interval
  }
}

/// How a session behaves where an exchange leaves it a choice.
package struct SessionSettings: Hashable, Sendable {
  /// How long after a candle's end a sign of life must come for it to be closed: trades are told of in
  /// batches, so those of its last moments may come later.
  package var candleGrace: TimeSpan
  /// Candles of the past that warm the strategy's indicators at the first start.
  package var warmUp: Int
  /// The longest that a candle's decision waits for the answers to what came before it.
  package var patience: Duration

  /// Settings of these values; the defaults are for an exchange far away.
  package init(
    candleGrace: TimeSpan = TimeSpan(seconds: 1), warmUp: Int = 1000,
    patience: Duration = .seconds(10)
  ) {
    self.candleGrace = candleGrace
    self.warmUp = warmUp
    self.patience = patience
  }
}

/// What a session tells whoever runs it.
package enum SessionNews: Hashable, Sendable {
  /// An order was sent, or its end asked for.
  case command(Command, pair: Int)
  /// The engine established something.
  case note(Note, pair: Int)
  /// Something went wrong, and what is done about it.
  case trouble(String)
  /// Something that is good to know.
  case info(String)
}

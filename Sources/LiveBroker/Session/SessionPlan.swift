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
  /// The longest that a session which is told to end stays for a position without its exit order.
  package var farewellPatience = Duration.seconds(60)
  /// How long it is until the exchange's books are compared with the record again.
  package var reconcileEvery = Duration.seconds(300)
  /// The shortest time between two replacements of a pair's stop: an exchange takes only so many requests.
  package var replaceInterval = Duration.zero
  /// The longest that the feed may be silent; `nil` where it is in step with us, and has to wait.
  package var staleAfter: Duration?
  /// How long a position may be without an exit order before there is an alarm.
  package var nakedAlarm = Duration.seconds(10)
  /// How far this machine's clock may be off.
  package var maxClockSkew = TimeSpan(seconds: 30)
  /// How many times as fast as the clock all these pass, and whatever else is waited for: a local exchange
  /// can be in a hurry.
  package var timeScale = 1

  /// Settings of these values; the defaults are for an exchange that is in step.
  package init(
    candleGrace: TimeSpan = TimeSpan(seconds: 1), warmUp: Int = 1000,
    patience: Duration = .seconds(10)
  ) {
    self.candleGrace = candleGrace
    self.warmUp = warmUp
    self.patience = patience
  }

  /// How long a wait takes by the clock.
  package func scaled(_ duration: Duration) -> Duration { duration / timeScale }

  /// How long a wait takes by the clock.
  package func scaled(_ span: TimeSpan) -> Duration { scaled(.nanoseconds(span.nanoseconds)) }
}

/// What a session tells whoever runs it.
package enum SessionNews: Hashable, Sendable {
  /// An order was sent, or its end asked for.
  case command(Command, pair: Int)
  /// The engine established something.
  case note(Note, pair: Int)
  /// Something went wrong, and what is done about it.
  case trouble(String)
  /// Something that somebody should know at once: money is at risk, or nothing is traded.
  case alarm(String)
  /// Something that is good to know.
  case info(String)
}

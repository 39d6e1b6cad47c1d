package import Market
package import Sandbox
package import Simulator

/// What a seed means: a market, a session on it, and what is done to it.
package struct TorturePlan: Hashable, Sendable {
  /// Which of the sandbox's keys the session has, and so which API it speaks.
  package enum Key: String, Hashable, Sendable, CaseIterable {
    case es256
    case ed25519
    case exchange
  }

  /// When the session is ended, and how.
  package struct Kill: Hashable, Sendable {
    /// When.
    package var moment: Moment
    /// Whether it is told to end, by SIGTERM, and may finish what it has begun; else SIGKILL.
    package var isPolite = false
  }

  /// A moment in the life of a session.
  package enum Moment: Hashable, Sendable {
    /// So long after the exchange has had so many events, of which trades are most.
    case atEvent(Int, microseconds: Int)
    /// So long after so many orders were accepted; at once is before the client has the answer.
    case atOrder(Int, microseconds: Int)
    /// So long after it was started for this time, of which 1 is the first.
    case afterStart(Int, milliseconds: Int)
  }

  /// The seed that all of it follows from.
  package var seed: UInt64
  /// The pairs, in the order of registration.
  package var pairs: [Pair]
  /// A candle's length in seconds.
  package var interval: Int
  /// Candles of each pair that are history when the market begins.
  package var history: Int
  /// What the account begins with, in quote currency.
  package var cash: Int
  /// Coins of the first pair that the account has already, and that are none of the session's.
  package var ownCoins: String?
  /// Whether exits below the minimums are refused.
  package var enforcesMinimums: Bool
  /// The session's key.
  package var key: Key
  /// The configuration, as lines of `section.key: value`, without the pairs.
  package var settings: [Setting]
  /// When it is killed, or told to end.
  package var kills: [Kill]
  /// What operators do meanwhile.
  package var acts: [OperatorAct] = []
  /// What goes wrong at the exchange and on the way there.
  package var faults: FaultPlan

  /// One key of the configuration.
  package struct Setting: Hashable, Sendable {
    package var key: String
    package var value: String

    /// A key with its value.
    package init(_ key: String, _ value: some CustomStringConvertible) {
      self.key = key
      self.value = "\(value)"
    }
  }

  /// A product and its made-up market.
  package struct Pair: Hashable, Sendable {
    /// The product, such as `BTC-USD`.
    package var name: String
    /// Its correlation group.
    package var group: String?
    /// Its candles, history included.
    package var candles: SyntheticCandles.Settings
    /// The least that it may be bought for.
    package var minimum: Int
  }

  /// The candles of each pair.
  package var candles: [[Candle]] { pairs.map { Array(SyntheticCandles($0.candles)) } }

  /// When the market begins: what is earlier is history.
  package var begin: Timestamp {
    pairs[0].candles.start + pairs[0].candles.interval * history
  }
}

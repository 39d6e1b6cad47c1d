import JSON
import Market

/// One client's WebSocket in the words of one of the APIs: what it has subscribed to, and what it is
/// told.
protocol FeedSession: Sendable {
  /// In whose words.
  var api: Visitor.API { get }
  /// Whether there is anything that it is subscribed to.
  var isSubscribed: Bool { get }
  /// Whether it is told of every trade: a market in lockstep begins for such a client.
  var followsTrades: Bool { get }

  /// Takes a message of the client's.
  ///
  /// - Parameters:
  ///   - message: An object.
  ///   - exchange: As it is now.
  ///   - door: Who knows the keys.
  ///   - clock: The time of the wall clock.
  /// - Returns: What is sent back, in order.
  mutating func receive(
    _ message: JSONValue, _ exchange: SandboxExchange, _ door: Doorkeeper, clock: Timestamp
  ) -> [JSONTree]

  /// What is sent because something happened, in order.
  mutating func tell(_ news: ExchangeNews, _ exchange: SandboxExchange) -> [JSONTree]
}

import LiveBroker
import Market
import Network
import Sandbox
import TestKit

extension Rehearsal {
  /// Plays the candles to their end for a client that follows trades, and does something at each time of
  /// the data, before the market goes on.
  func walk(_ body: (Timestamp) async throws -> Void) async throws {
    let feed = try await feed()
    try await feed.subscribe(.marketTrades)
    let playing = Task {
      try await sandbox.play()
      await feed.socket.close()
    }
    var last: Timestamp?
    while let item = try? await feed.next() {
      guard case .ping(let payload) = item else { continue }
      let now = await sandbox.exchange.now
      if now != last {
        last = now
        try await body(now)
      }
      try? await feed.pong(payload)
    }
    try await playing.value
  }
}

/// A message of a feed as a client got it.
struct Heard: Hashable, Sendable {
  var sequence: UInt64
  var prices: [Price] = []
  /// How many pings came before it.
  var pings = 0
}

extension Feed {
  /// What comes until the socket is closed.
  func hear() async -> [Heard] {
    var heard: [Heard] = []
    var pings = 0
    while let item = try? await next() {
      switch item {
      case .ping(let payload):
        pings += 1
        try? await pong(payload)
      case .message(let message, _):
        var item = Heard(sequence: message.sequence ?? 0, pings: pings)
        for case .trades(let trades, isSnapshot: false) in message.events {
          item.prices += trades.map(\.price)
        }
        heard.append(item)
      }
    }
    return heard
  }
}

/// A rule of a kind, changed.
func faultRule(_ kind: FaultKind, _ change: (inout FaultRule) -> Void = { _ in }) -> FaultRule {
  var rule = FaultRule(kind)
  change(&rule)
  return rule
}

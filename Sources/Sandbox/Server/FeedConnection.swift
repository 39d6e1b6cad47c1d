import JSON
import Network

/// A client's WebSocket as the server keeps it: what is on its way out, and how far it has answered.
struct FeedConnection: Sendable {
  /// In whose words; `nil` before the first message.
  var session: (any FeedSession)?
  /// Where messages wait for the socket.
  let outbox: AsyncStream<WebSocketMessage>.Continuation
  let socket: WebSocket
  /// What counts its messages; `nil` before the first, and where nobody counts.
  var limits: MessageLimits?
  /// The last ping that was answered.
  private(set) var answered: UInt64 = 0
  /// Whether the market waits for it; one that did not answer in time does not count until it answers.
  var counts = true
  /// What happens to its messages on the way, where there are faults.
  var line = FeedLine()
  /// Since when nothing is said to it, on purpose.
  var mutedSince: ContinuousClock.Instant?
  /// Whether it has been broken off, of which the client's side is yet to tell.
  var isBroken = false

  /// So many messages wait at most; a client that is so far behind is cut off.
  static let outboxLimit = 20_000

  /// Sends messages in their order, after what is on its way.
  func send(_ messages: [JSONTree]) {
    for message in messages { put(.text(String(decoding: message.bytes, as: UTF8.self))) }
  }

  /// Whether it follows the market, and hears of it.
  var followsTrades: Bool { session?.followsTrades == true && mutedSince == nil && !isBroken }

  /// The client has answered a ping; of the latest one, so that it is with us again.
  mutating func hear(_ ping: UInt64, of latest: UInt64) {
    answered = max(answered, ping)
    if answered == latest, mutedSince == nil { counts = true }
  }

  /// Asks for a sign that everything before has been dealt with.
  func ping(_ number: UInt64) { put(.ping(PingNumber.bytes(number))) }

  private func put(_ message: WebSocketMessage) {
    switch outbox.yield(message) {
    case .enqueued, .terminated: break
    case .dropped: socket.abort()
    @unknown default: break
    }
  }
}

/// The payload of a ping: a count of eight bytes.
enum PingNumber {
  static func bytes(_ number: UInt64) -> [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * $0)) }
  }

  /// `nil` of a ping that the socket sent by itself.
  static func read(_ bytes: [UInt8]) -> UInt64? {
    bytes.count == 8 ? bytes.reduce(0) { $0 << 8 | UInt64($1) } : nil
  }
}

import Glibc
import Testing

@testable import Network

@Suite("Connections that have ended and do not know it yet", .timeLimit(.minutes(10)))
struct ConnectionPoolTests {
  @Test func `a request gets none of them, and so is sent`() async throws {
    try await Net.run { net in
      let (mayClose, opened) = (Shared(false), Shared(0))
      let endpoint = RawPeer.serve(connections: 2) { peer in
        let number = opened.change { count in
          count += 1
          return count
        }
        guard peer.read(until: "\r\n\r\n") != nil else { return }
        peer.write("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n\(number)")
        while number == 1, !mayClose.value { usleep(1000) }
      }
      let pool = ConnectionPool(
        on: net.loop, tls: try TLSContext(trusting: .nobody), limits: HTTPLimits(),
        timeouts: ClientTimeouts(connection: .seconds(500), total: .seconds(500)),
        perEndpoint: 2, idle: .seconds(500))
      let first = Exchange(HTTPRequest(.get, "/"), to: endpoint, timeouts: nil)
      let second = Exchange(HTTPRequest(.get, "/"), to: endpoint, timeouts: nil)
      let held = Held()
      let one = await withCheckedContinuation {
        (continuation: CheckedContinuation<Exchange.Answer, Never>) in
        net.loop.execute {
          first.continuation = continuation
          pool.start(first)
          held.connection = first.connection
        }
      }
      #expect(try one.get().body == Array("1".utf8))
      let two = await withCheckedContinuation {
        (continuation: CheckedContinuation<Exchange.Answer, Never>) in
        net.loop.execute {
          // The end of the connection and the next request in one turn of the loop.
          mayClose.change { $0 = true }
          while let channel = held.connection?.channel, channel.isOpen { channel.readable() }
          held.connection = nil
          second.continuation = continuation
          pool.start(second)
        }
      }
      #expect(try two.get().body == Array("2".utf8))
    }
  }
}

/// A connection that is looked at.
///
/// `@unchecked Sendable`, because: it is touched on the loop's thread only.
private final class Held: @unchecked Sendable {
  var connection: ClientConnection?
}

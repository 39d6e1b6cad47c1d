import Glibc
import Testing

@testable import Network

@Suite("Connections to a host of several addresses", .timeLimit(.minutes(10)))
struct ConnectorTests {
  /// A port of this machine.
  private func address(_ port: UInt16) -> Resolver.Address {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    return withUnsafeBytes(of: address) { Resolver.Address(family: AF_INET, bytes: Array($0)) }
  }

  @Test func `one that never answers is left for the next`() async throws {
    try await Net.run { net in
      // It takes the connection and says nothing, for two and a half minutes: no TLS comes of that.
      let silent = RawPeer.serve { peer in for _ in 0..<5 { _ = peer.readAll() } }
      let server = try await net.serve(echo)
      // A second for each, so that a busy machine may need many; less in all than the peer's patience.
      let good = Array(repeating: address(server.port), count: 119)
      let (addresses, timeout) = ([address(silent.port)] + good, Duration.seconds(120))
      let tls = try TLSContext(trusting: Trust.nobody.adding(pem: net.authority.certificate))
      let attempt = Attempt()
      let problem = await withCheckedContinuation {
        (continuation: CheckedContinuation<NetworkError.Problem?, Never>) in
        net.loop.execute {
          attempt.begin(
            on: net.loop, to: server.endpoint, at: addresses, tls: tls, timeout: timeout
          ) { problem in
            continuation.resume(returning: problem)
          }
        }
      }
      #expect(problem == nil)
    }
  }
}

/// A connection that is made, and closed when it is there.
///
/// `@unchecked Sendable`, because: everything in it is touched on the loop's thread only.
private final class Attempt: ChannelUser, @unchecked Sendable {
  private var connector: Connector?

  func begin(
    on loop: EventLoop, to endpoint: Endpoint, at addresses: [Resolver.Address], tls: TLSContext,
    timeout: Duration, _ done: @escaping (NetworkError.Problem?) -> Void
  ) {
    connector = Connector(
      on: loop, to: endpoint, at: addresses, tls: tls, timeout: timeout, user: self
    ) { [self] result in
      connector = nil
      switch result {
      case .success(let channel):
        channel.close()
        done(nil)
      case .failure(let problem): done(problem)
      }
    }
  }

  func channelOpened() {}
  func channelReceived(_ bytes: UnsafeRawBufferPointer) {}
  func channelDrained() {}
  func channelClosed(_ end: Channel.End) {}
}

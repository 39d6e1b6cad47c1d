import Glibc
import Testing

@testable import Network

@Suite("Signals", .timeLimit(.minutes(10)))
struct SignalTests {
  @Test func `a signal that a thread of the loop gets ends nothing`() async throws {
    // Without SA_RESTART, so that whatever waits is interrupted.
    var action = sigaction()
    action.__sigaction_handler.sa_handler = { _ in }
    sigaction(SIGURG, &action, nil)
    try await Net.run { net in
      let server = try await net.serve { request in HTTPResponse(200, body: request.body) }
      let signals = Task {
        while !Task.isCancelled {
          net.loop.interrupt(by: SIGURG)
          await Task.yield()
        }
      }
      for number in UInt8(0)..<200 {
        let answer = try await net.client.send(
          HTTPRequest(.post, "/", body: [number]), to: server.endpoint)
        #expect(answer.body == [number])
      }
      signals.cancel()
      await signals.value
    }
  }
}

import Glibc
import Synchronization
import Testing

@testable import Network

@Suite("Slow readers", .timeLimit(.minutes(10)))
struct BackpressureTests {
  @Test func `a reader who does not read stops the other side, and loses nothing`() async throws {
    try await Net.run { net in
      let sent = Shared(0)
      let total = 400
      let size = 100_000
      let server = try await net.serve { _ in
        .webSocket { socket in
          for number in 0..<total {
            guard
              (try? await socket.send(
                "\(number) " + String(repeating: "x", count: size))) != nil
            else { return }
            sent.change { $0 += 1 }
          }
          _ = try? await socket.receive()
        }
      }
      var settings = WebSocketSettings()
      settings.buffer = 1_000_000
      let socket = try await net.connect(to: server.address(), settings: settings)
      // Nobody reads: the sender comes to a halt, long before everything is sent. What fits is our
      // buffer, the queue of the other side, and what the system keeps for two sockets.
      var before = -1
      while case let now = sent.value, now != before || now == 0 {
        before = now
        try await Task.sleep(for: .milliseconds(300))
      }
      #expect(before < total)
      #expect(await socket.buffered() <= settings.buffer + size + 66_000)
      for number in 0..<total {
        guard case .text(let text) = try await socket.receive() else {
          Issue.record("not a text")
          return
        }
        #expect(text.hasPrefix("\(number) "))
      }
      #expect(sent.value >= total - 1)
      await socket.close()
    }
  }

  @Test func `one who never reads is given up, and the sender told`() async throws {
    try await Net.run { net in
      var settings = ServerSettings()
      settings.webSockets.pingAfter = .milliseconds(100)
      settings.webSockets.silence = .milliseconds(500)
      let found = Shared<NetworkError?>(nil)
      let gate = Gate()
      let server = try await net.servePlain(settings: settings) { _ in
        .webSocket { socket in
          let error = await failure { () async throws(NetworkError) in
            while true { try await socket.send(String(repeating: "x", count: 100_000)) }
          }
          found.change { $0 = error }
          gate.open()
        }
      }
      let peer = Task {
        await RawPeer.connect(to: server.port) { peer in
          peer.write(
            "GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
              + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
          // Reads nothing until the server has had enough.
          while found.value == nil { usleep(10_000) }
          return true
        }
      }
      await gate.wait()
      #expect(found.value?.problem == .timedOut(.signOfLife))
      _ = await peer.value
    }
  }

  @Test func `a flood of pings does not pile answers up`() async throws {
    try await Net.run { net in
      let server = try await net.servePlain { _ in
        .webSocket { socket in _ = try? await socket.receive() }
      }
      let answered = await RawPeer.connect(to: server.port) { peer in
        peer.write(
          "GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
        guard peer.read(until: "\r\n\r\n") != nil else { return false }
        let ping: [UInt8] = [0x89, 0xfd, 0, 0, 0, 0] + [UInt8](repeating: 7, count: 125)
        let block = [UInt8]((0..<500).map { _ in ping }.joined())
        for _ in 0..<200 { peer.write(block) }  // 13 MB, and nothing of the answers read.
        // Still there: it says goodbye in due form.
        peer.write([0x88, 0x82, 0, 0, 0, 0, 0x03, 0xe8])
        return peer.readAll().ends(with: [0x88, 0x02, 0x03, 0xe8])
      }
      #expect(answered)
    }
  }
}

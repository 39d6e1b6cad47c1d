import Network
import Testing

@Suite("Connections that are kept", .timeLimit(.minutes(10)))
struct KeepAliveTests {
  /// A peer that answers each request with the number of its connection and of the request on it.
  private func counting(connections: Int, header: String = "") -> (Endpoint, Shared<Int>) {
    let opened = Shared(0)
    let endpoint = RawPeer.serve(connections: connections) { peer in
      let number = opened.change { count in
        count += 1
        return count
      }
      var request = 0
      while peer.read(until: "\r\n\r\n") != nil {
        request += 1
        let body = "\(number).\(request)"
        peer.write("HTTP/1.1 200 OK\r\n\(header)Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
        if !header.isEmpty { return }
      }
    }
    return (endpoint, opened)
  }

  private func ask(_ net: Net, _ endpoint: Endpoint) async throws -> String {
    let answer = try await net.client.send(HTTPRequest(.get, "/"), to: endpoint)
    return String(decoding: answer.body, as: UTF8.self)
  }

  @Test func `requests one after the other share a connection`() async throws {
    try await Net.run { net in
      let (endpoint, opened) = counting(connections: 1)
      for number in 1...5 {
        let answer = try await ask(net, endpoint)
        #expect(answer == "1.\(number)")
      }
      #expect(opened.value == 1)
    }
  }

  @Test func `a connection that the server closes is not used again`() async throws {
    try await Net.run { net in
      let (endpoint, _) = counting(connections: 3, header: "Connection: close\r\n")
      for number in 1...3 {
        let answer = try await ask(net, endpoint)
        #expect(answer == "\(number).1")
      }
    }
  }

  @Test func `one connection is shared by many that wait in line`() async throws {
    try await Net.run(connections: 1) { net in
      let (endpoint, opened) = counting(connections: 1)
      let answers = try await withThrowingTaskGroup(of: String.self) { group in
        for _ in 0..<20 { group.addTask { try await ask(net, endpoint) } }
        return try await group.reduce(into: Set<String>()) { $0.insert($1) }
      }
      #expect(answers == Set((1...20).map { "1.\($0)" }))
      #expect(opened.value == 1)
    }
  }

  @Test func `the server keeps a connection for requests that come at once`() async throws {
    try await Net.run { net in
      let server = try await net.servePlain(echo)
      let answer = await RawPeer.connect(to: server.port) { peer in
        peer.write(
          "GET /a HTTP/1.1\r\nHost: x\r\n\r\nPOST /b HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi"
            + "GET /c HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        return String(decoding: peer.readAll(), as: UTF8.self)
      }
      let targets = answer.matches(of: #/X-Target: (\S+)/#).map { String($0.1) }
      #expect(targets == ["/a", "/b", "/c"])
      #expect(answer.contains("\r\n\r\nhi"))
    }
  }
}

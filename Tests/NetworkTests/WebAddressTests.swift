import Testing

@testable import Network

@Suite("Addresses, headers, queries")
struct WebAddressTests {
  static let good: [(String, String, UInt16, Bool, String)] = [
    ("https://api.coinbase.com", "api.coinbase.com", 443, true, "/"),
    ("https://API.example.com:8443/a/b?c=%3A&d", "api.example.com", 8443, true, "/a/b?c=%3A&d"),
    ("http://127.0.0.1:80?x=1", "127.0.0.1", 80, false, "/?x=1"),
    ("wss://host/ws", "host", 443, true, "/ws"), ("ws://host", "host", 80, false, "/"),
  ]

  @Test("An address is read", arguments: good)
  func read(text: String, host: String, port: UInt16, isSecure: Bool, target: String) throws {
    let address = try WebAddress(text)
    #expect(address.endpoint == Endpoint(host: host, port: port, isSecure: isSecure))
    #expect(address.target == target)
  }

  static let bad: [(String, String)] = [
    ("api.coinbase.com", "this is no absolute address"),
    ("ftp://x", "the scheme 'ftp' is none of https, http, wss, ws"),
    ("https://", "'' is no host"), ("https://user@x/", "'user@x' is no host"),
    ("https://x:0/", "'0' is no port"), ("https://x:65536", "'65536' is no port"),
    ("https://x:+1", "'+1' is no port"), ("https://[::1]/", "'[' is no host"),
    ("https://x/a b", "the path has a character that must be escaped"),
    ("https://x/a#b", "the path has a character that must be escaped"),
    ("https://x/\r\nA: b", "the path has a character that must be escaped"),
  ]

  @Test("What is no address is refused, with the remedy", arguments: bad)
  func refuse(text: String, why: String) {
    #expect { try WebAddress(text) } throws: { error in
      "\(error)" == "'\(text)': \(why). Write it as https://host:port/path."
    }
  }

  @Test func `the usual port is left out of Host`() {
    #expect(Endpoint(host: "x", port: 443, isSecure: true).authority == "x")
    #expect(Endpoint(host: "x", port: 443, isSecure: false).authority == "x:443")
    #expect(Endpoint(host: "x", port: 80, isSecure: false).authority == "x")
  }

  @Test func `headers are found in any case, listed, replaced and removed`() {
    var headers: HTTPHeaders = ["Connection": "keep-alive, Upgrade", "A": "1", "a": "2"]
    #expect(headers["CONNECTION"] == "keep-alive, Upgrade")
    #expect(headers.list("connection", has: "upgrade"))
    #expect(!headers.list("connection", has: "close"))
    #expect(headers.values("A") == ["1", "2"])
    headers["a"] = "3"
    #expect(headers.values("A") == ["3"])
    headers["A"] = nil
    #expect(headers.fields.map(\.name) == ["Connection"])
  }

  @Test func `a header that would end early is not sent`() async throws {
    try await Net.run { net in
      let nowhere = Endpoint(host: "127.0.0.1", port: 1, isSecure: true)
      let request = HTTPRequest(.get, "/p", headers: ["A": "b\r\nC: d"])
      let error = await failure { () async throws(NetworkError) in
        try await net.client.send(request, to: nowhere)
      }
      #expect(
        error?.description
          == "https://127.0.0.1:1/p: the header 'A' has a control character in it. Nothing was sent."
      )
      let other = await failure { () async throws(NetworkError) in
        try await net.client.send(HTTPRequest(.get, "/a b"), to: nowhere)
      }
      #expect(other?.problem == .badRequest("'/a b' is no path with a query"))
    }
  }

  @Test func `a query is decoded into names and values, in their order`() {
    let request = HTTPRequest(.get, "/p?a=1%3A2&b=x+y&c&a=%zz")
    #expect(request.path == "/p")
    #expect(request.queryItems.map(\.name) == ["a", "b", "c", "a"])
    #expect(request.queryItems.map(\.value) == ["1:2", "x y", "", "%zz"])
    #expect(PercentEncoding.encoded("10:00 é") == "10%3A00%20%C3%A9")
  }
}

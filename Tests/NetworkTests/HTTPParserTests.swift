import Testing

@testable import Network

@Suite("HTTP messages out of bytes")
struct HTTPParserTests {
  private func parse(
    _ text: String, _ kind: HTTPParser.Kind = .responses, limits: HTTPLimits = HTTPLimits(),
    cuts: [Int] = [], ends: Bool = false
  ) throws(HTTPSyntaxError) -> [HTTPMessage] {
    var parser = HTTPParser(kind, limits: limits)
    let bytes = Array(text.utf8)
    var messages: [HTTPMessage] = []
    var start = 0
    for cut in cuts + [bytes.count] {
      parser.feed(Array(bytes[start..<cut]))
      start = cut
      while let message = try parser.next() { messages.append(message) }
    }
    if ends, let last = parser.end() { messages.append(last) }
    return messages
  }

  private static let stream = """
    HTTP/1.1 100 Continue\r
    \r
    HTTP/1.1 200 OK\r
    Content-Type:  application/json \r
    Content-Length: 5\r
    \r
    helloHTTP/1.1 200 OK\r
    transfer-encoding: Chunked\r
    \r
    3;x=1\r
    abc\r
    A \r
    0123456789\r
    0\r
    Trailer: yes\r
    \r
    HTTP/1.1 204 No Content\r
    \r
    HTTP/1.0 500\r
    \r
    to the end
    """

  @Test func `lengths, chunks, no body, and a body to the end`() throws {
    let messages = try parse(Self.stream, ends: true)
    #expect(
      messages.map(\.start) == [
        .response(status: 200), .response(status: 200), .response(status: 204),
        .response(status: 500),
      ])
    #expect(
      messages.map { String(decoding: $0.body, as: UTF8.self) } == [
        "hello", "abc0123456789", "", "to the end",
      ])
    #expect(messages[0].headers["content-type"] == "application/json")
    #expect(messages.map(\.keepsAlive) == [true, true, true, false])
  }

  @Test func `cut anywhere, the same messages come out`() throws {
    let whole = try parse(Self.stream, ends: true)
    let count = Self.stream.utf8.count
    for cut in 1..<count {
      #expect(try parse(Self.stream, cuts: [cut], ends: true) == whole, "cut at \(cut)")
    }
    #expect(try parse(Self.stream, cuts: Array(1..<count), ends: true) == whole, "byte by byte")
  }

  static let bad: [(String, HTTPParser.Kind, HTTPSyntaxError)] = [
    ("HTTP/2 200\r\n\r\n", .responses, .malformed("no status line of HTTP/1")),
    ("HTTP/1.1 2000 X\r\n\r\n", .responses, .malformed("no status line of HTTP/1")),
    ("\u{16}\u{3}\u{1}\r\n", .requests, .malformed("a start line with control characters")),
    ("GET /\r\n\r\n", .requests, .malformed("no request line of HTTP/1")),
    ("GET / x HTTP/1.1\r\n\r\n", .requests, .malformed("no request line of HTTP/1")),
    ("GET / HTTP/1.1\nHost: x\n\n", .requests, .malformed("a line that does not end with CR LF")),
    ("GET / HTTP/1.1\r\nHost : x\r\n\r\n", .requests, .malformed("a line that is no header")),
    ("GET / HTTP/1.1\r\nA: b\r\n c\r\n\r\n", .requests, .malformed("a line that is no header")),
    (
      "GET / HTTP/1.1\r\nA: b\u{0}\r\n\r\n", .requests,
      .malformed("a header with control characters")
    ),
    (
      "POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", .requests,
      .malformed("a Content-Length that is no length")
    ),
    (
      "POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", .requests,
      .malformed("a Content-Length that is no length")
    ),
    (
      "POST / HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n", .requests,
      .malformed("two ways to say how long the body is")
    ),
    (
      "POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n", .requests,
      .unsupported("the transfer coding 'gzip'")
    ),
    (
      "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n", .requests,
      .malformed("a chunk without a size")
    ),
    (
      "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc", .requests,
      .malformed("a chunk longer than it says")
    ),
    (
      "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffff\r\n", .requests,
      .tooLarge(.body, limit: 100)
    ),
    (
      "POST / HTTP/1.1\r\nContent-Length: 101\r\n\r\n", .requests, .tooLarge(.body, limit: 100)
    ),
    (
      "HTTP/1.1 200 OK\r\n\r\n" + String(repeating: "x", count: 101), .responses,
      .tooLarge(.body, limit: 100)
    ),
    ("GET /" + String(repeating: "x", count: 300), .requests, .tooLarge(.head, limit: 200)),
    (
      "GET / HTTP/1.1\r\n" + String(repeating: "A: b\r\n", count: 40), .requests,
      .tooLarge(.head, limit: 200)
    ),
    (
      "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n"
        + String(repeating: "A: b\r\n", count: 40), .requests, .tooLarge(.head, limit: 200)
    ),
  ]

  @Test("What is no message is refused", arguments: bad)
  func refusals(text: String, kind: HTTPParser.Kind, error: HTTPSyntaxError) {
    #expect(throws: error) {
      try parse(text, kind, limits: HTTPLimits(head: 200, body: 100))
    }
  }

  @Test func `an answer to HEAD has no body whatever it says`() throws {
    var parser = HTTPParser(.responses, limits: HTTPLimits())
    parser.answersHead = true
    parser.feed(Array("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n".utf8))
    #expect(try parser.next()?.body == [])
    #expect(!parser.isInMessage)
  }

  @Test func `what follows an upgrade is left for another protocol`() throws {
    var parser = HTTPParser(.responses, limits: HTTPLimits())
    parser.feed(Array("HTTP/1.1 101 X\r\nUpgrade: websocket\r\n\r\n\u{1}\u{2}".utf8))
    #expect(try parser.next()?.start == .response(status: 101))
    #expect(parser.takeRest() == [1, 2])
  }

  @Test func `a client that waits for 100 Continue is noticed once`() throws {
    var parser = HTTPParser(.requests, limits: HTTPLimits())
    parser.feed(
      Array("POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n".utf8))
    #expect(try parser.next() == nil)
    let asks = [parser.takeContinue(), parser.takeContinue()]
    #expect(asks == [true, false])
    parser.feed([1, 2])
    #expect(try parser.next()?.body == [1, 2])
  }

  @Test("Broken bytes give a message or an error, never more than the limits", arguments: 0..<20)
  func garbage(seed: UInt64) {
    var random = SplitMix(seed: seed)
    let good = Array(Self.stream.utf8)
    for _ in 0..<200 {
      var bytes = good
      for _ in 0..<Int.random(in: 1...6, using: &random) {
        bytes[Int.random(in: 0..<bytes.count, using: &random)] = .random(
          in: 0...255, using: &random)
      }
      var parser = HTTPParser(
        Bool.random(using: &random) ? .responses : .requests,
        limits: HTTPLimits(head: 200, body: 100))
      var rest = bytes[...]
      do {
        while !rest.isEmpty {
          let count = min(rest.count, Int.random(in: 1...40, using: &random))
          parser.feed(Array(rest.prefix(count)))
          rest = rest.dropFirst(count)
          while let message = try parser.next() { #expect(message.body.count <= 100) }
          #expect(parser.waiting <= 240)
        }
      } catch {}  // Refused, which is an answer too.
    }
  }
}

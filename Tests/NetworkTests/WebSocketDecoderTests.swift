import Testing

@testable import Network

@Suite("WebSocket frames")
struct WebSocketDecoderTests {
  private func decode(
    _ bytes: [UInt8], isServer: Bool = false, limit: Int = 100_000, cuts: [Int] = []
  ) throws(WebSocketDecoder.Fault) -> [WebSocketDecoder.Event] {
    var decoder = WebSocketDecoder(isServer: isServer, limit: limit)
    var events: [WebSocketDecoder.Event] = []
    var start = 0
    for cut in cuts + [bytes.count] {
      decoder.feed(Array(bytes[start..<cut]))
      start = cut
      while let event = try decoder.next() { events.append(event) }
    }
    return events
  }

  // RFC 6455, 5.7.
  static let examples: [([UInt8], Bool, WebSocketDecoder.Event)] = [
    ([0x81, 0x05, 0x48, 0x65, 0x6c, 0x6c, 0x6f], false, .message(.text("Hello"))),
    (
      [0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58], true,
      .message(.text("Hello"))
    ),
    (
      [0x01, 0x03, 0x48, 0x65, 0x6c, 0x80, 0x02, 0x6c, 0x6f], false, .message(.text("Hello"))
    ),
    ([0x89, 0x05, 0x48, 0x65, 0x6c, 0x6c, 0x6f], false, .ping(Array("Hello".utf8))),
    (
      [0x8a, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58], true,
      .pong(Array("Hello".utf8))
    ),
    ([0x88, 0x02, 0x03, 0xe8], false, .close(WebSocketClosing(1000))),
    ([0x88, 0x00], false, .close(WebSocketClosing(1005))),
  ]

  @Test("The examples of the standard are read", arguments: examples)
  func standard(bytes: [UInt8], isServer: Bool, event: WebSocketDecoder.Event) throws {
    #expect(try decode(bytes, isServer: isServer) == [event])
    #expect(try decode(bytes, isServer: isServer, cuts: Array(1..<bytes.count)) == [event])
  }

  @Test func `the answer to a key is that of the standard`() {
    #expect(
      WebSocketHandshake.accept(for: "dGhlIHNhbXBsZSBub25jZQ==") == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
    #expect(WebSocketHandshake.makeKey().utf8.count == 24)
    #expect(WebSocketHandshake.makeKey() != WebSocketHandshake.makeKey())
  }

  @Test(
    "What is written is read again, masked or not", arguments: [0, 1, 125, 126, 65_535, 65_536])
  func roundTrip(count: Int) throws {
    let payload = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    for mask: [UInt8]? in [nil, [1, 2, 3, 250]] {
      let bytes = WebSocketFrame.bytes(.binary, payload, mask: mask)
      let events = try decode(bytes, isServer: mask != nil, cuts: [1, 2, bytes.count / 2].sorted())
      #expect(events == [.message(.binary(payload))])
    }
  }

  @Test func `a ping in the middle of a message comes first`() throws {
    #expect(
      try decode([0x01, 0x01, 0x61, 0x89, 0x00, 0x80, 0x01, 0x62]) == [
        .ping([]), .message(.text("ab")),
      ])
  }

  static let bad: [([UInt8], Bool, UInt16, String)] = [
    ([0xc1, 0x00], false, 1002, "an extension nobody agreed on"),
    ([0x83, 0x00], false, 1002, "a frame of unknown kind"),
    ([0x81, 0x80, 0, 0, 0, 0], false, 1002, "a masked frame"),
    ([0x81, 0x00], true, 1002, "a frame without a mask"),
    ([0x80, 0x00], false, 1002, "a continuation of nothing"),
    ([0x01, 0x00, 0x01, 0x00], false, 1002, "a message within a message"),
    ([0x09, 0x00], false, 1002, "a control frame too long or in pieces"),
    ([0x89, 0x7e, 0x00, 0x7e], false, 1002, "a control frame too long or in pieces"),
    ([0x81, 0x01, 0xff], false, 1007, "a text that is no UTF-8"),
    ([0x88, 0x01, 0x03], false, 1002, "half a close code"),
    ([0x88, 0x02, 0x03, 0xed], false, 1002, "a close code that is none"),
    ([0x88, 0x03, 0x03, 0xe8, 0xff], false, 1002, "a close code that is none"),
    ([0x82, 0x7e, 0x03, 0xe9], false, 1009, "a message of more than 1000 bytes"),
    (
      [0x82, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], false, 1009,
      "a message of more than 1000 bytes"
    ),
    (
      [0x02, 0x7e, 0x03, 0xe8] + [UInt8](repeating: 0, count: 1000) + [0x80, 0x01, 0], false, 1009,
      "a message of more than 1000 bytes"
    ),
  ]

  @Test("What is not allowed has its close code", arguments: bad)
  func refusals(bytes: [UInt8], isServer: Bool, code: UInt16, why: String) {
    #expect {
      try decode(bytes, isServer: isServer, limit: 1000)
    } throws: { error in
      let fault = error as? WebSocketDecoder.Fault
      return fault?.code == code && fault?.why == why
    }
  }

  @Test("Random bytes give events or a fault, and no more is kept than fed", arguments: 0..<20)
  func garbage(seed: UInt64) {
    var random = SplitMix(seed: seed)
    for _ in 0..<300 {
      let bytes = (0..<Int.random(in: 1...80, using: &random)).map { _ in
        UInt8.random(in: 0...255, using: &random) & (Bool.random(using: &random) ? 0x8f : 0xff)
      }
      var decoder = WebSocketDecoder(isServer: Bool.random(using: &random), limit: 50)
      decoder.feed(bytes)
      do {
        while let event = try decoder.next() {
          if case .message(let message) = event { #expect(message.size <= 50) }
        }
      } catch { #expect([1002, 1007, 1009].contains(error.code)) }
    }
  }

  @Test func `a reason too long for a frame is shortened between characters`() {
    let bytes = WebSocketFrame.closing(
      WebSocketClosing(1000, String(repeating: "é", count: 100)))
    #expect(bytes.count == 2 + 122)
  }
}

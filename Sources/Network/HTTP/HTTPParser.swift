/// Makes messages out of bytes, however they are cut; it reads no socket.
///
/// Strict where leniency has been a way in: a line ends with CR LF, a name is a token, there is one
/// length, a fold is refused. Memory is bounded by the limits and by what was fed and not asked for.
struct HTTPParser {
  /// Which side it listens to.
  enum Kind: Sendable { case requests, responses }

  private enum State {
    case head
    case body(remaining: Int)
    case chunkSize
    case chunk(remaining: Int)
    case chunkEnd
    case trailers(bytes: Int)
    case untilClosed
  }

  private let kind: Kind
  private let limits: HTTPLimits
  private var bytes: [UInt8] = []
  private var position = 0
  /// Where the search for an end of line goes on.
  private var searched = 0
  private var state = State.head
  private var message: HTTPMessage?
  private var mustContinue = false
  private var headBytes = 0

  /// Whether the next answer is to a HEAD, and so without a body whatever it says.
  var answersHead = false

  init(_ kind: Kind, limits: HTTPLimits) {
    self.kind = kind
    self.limits = limits
  }

  /// Bytes that were fed and are in no message yet.
  var waiting: Int { bytes.count - position }

  /// Whether a message has begun and is not whole.
  var isInMessage: Bool { message != nil || waiting > 0 }

  /// Whether the other side waits for a `100 Continue` before it sends the body; asked once.
  mutating func takeContinue() -> Bool {
    defer { mustContinue = false }
    return mustContinue && waiting == 0
  }

  /// More bytes of the stream.
  mutating func feed(_ more: [UInt8]) { more.withUnsafeBytes { feed($0) } }

  /// More bytes of the stream.
  mutating func feed(_ more: UnsafeRawBufferPointer) {
    if position > 0, position == bytes.count || position > 65_536 {
      bytes.removeFirst(position)
      searched = max(0, searched - position)
      position = 0
    }
    bytes.append(contentsOf: more)
  }

  /// What follows the last message: the bytes of another protocol.
  mutating func takeRest() -> [UInt8] {
    defer {
      bytes = []
      position = 0
      searched = 0
    }
    return Array(bytes[position...])
  }

  /// The next whole message; nil until there is one.
  mutating func next() throws(HTTPSyntaxError) -> HTTPMessage? {
    while true {
      switch state {
      case .head:
        guard try readHead() else { return nil }
        if let done = try begin() { return done }
      case .body(let remaining):
        let count = move(atMost: remaining)
        guard count == remaining else {
          state = .body(remaining: remaining - count)
          return nil
        }
        return finish()
      case .chunkSize:
        guard let line = try line(limit: 256) else { return nil }
        let size = try Self.chunkSize(line)
        // Not `body + size`: the size is somebody's wish.
        guard size <= limits.body - (message?.body.count ?? 0) else {
          throw .tooLarge(.body, limit: limits.body)
        }
        state = size == 0 ? .trailers(bytes: 0) : .chunk(remaining: size)
      case .chunk(let remaining):
        let count = move(atMost: remaining)
        guard count == remaining else {
          state = .chunk(remaining: remaining - count)
          return nil
        }
        state = .chunkEnd
      case .chunkEnd:
        guard waiting >= 2 else { return nil }
        guard bytes[position] == 13, bytes[position + 1] == 10 else {
          throw .malformed("a chunk longer than it says")
        }
        position += 2
        searched = position
        state = .chunkSize
      case .trailers(let count):
        guard let line = try line(limit: limits.head - count) else { return nil }
        if line.isEmpty { return finish() }
        state = .trailers(bytes: count + line.count + 2)
      case .untilClosed:
        _ = move(atMost: limits.body - (message?.body.count ?? 0))
        guard waiting == 0 else { throw .tooLarge(.body, limit: limits.body) }
        return nil
      }
    }
  }

  /// The stream has ended; the message that only this could end.
  mutating func end() -> HTTPMessage? {
    if case .untilClosed = state { return finish() }
    return nil
  }

  // MARK: - Head

  /// Whether there is a whole head, which then is in `message`.
  private mutating func readHead() throws(HTTPSyntaxError) -> Bool {
    while message == nil {
      guard let line = try line(limit: limits.head) else { return false }
      if line.isEmpty, kind == .requests { continue }  // RFC 9112, 2.2.
      message = HTTPMessage(
        start: .response(status: 0), minorVersion: 0, headers: HTTPHeaders())
      try readStart(line)
      headBytes = line.count + 2
    }
    while true {
      guard let line = try line(limit: limits.head - headBytes) else { return false }
      headBytes += line.count + 2
      if line.isEmpty { return true }
      try readField(line)
    }
  }

  private mutating func readStart(_ line: ArraySlice<UInt8>) throws(HTTPSyntaxError) {
    guard line.allSatisfy({ HTTPHeaders.isValueByte($0) }) else {
      throw .malformed("a start line with control characters")
    }
    let words = line.split(
      separator: UInt8(ascii: " "), maxSplits: 2, omittingEmptySubsequences: false)
    switch kind {
    case .requests:
      guard words.count == 3, let version = Self.minorVersion(words[2]) else {
        throw .malformed("no request line of HTTP/1")
      }
      let target = String(decoding: words[1], as: UTF8.self)
      guard !words[0].isEmpty, words[0].allSatisfy(HTTPHeaders.isTokenByte), !target.isEmpty,
        WebAddress.isTarget(target)
      else { throw .malformed("no request line of HTTP/1") }
      message?.start = .request(
        method: String(decoding: words[0], as: UTF8.self), target: target)
      message?.minorVersion = version
    case .responses:
      guard words.count >= 2, let version = Self.minorVersion(words[0]), words[1].count == 3,
        let status = Int(String(decoding: words[1], as: UTF8.self)), (100...599).contains(status)
      else { throw .malformed("no status line of HTTP/1") }
      message?.start = .response(status: status)
      message?.minorVersion = version
    }
  }

  private static func minorVersion(_ word: ArraySlice<UInt8>) -> Int? {
    guard word.count == 8, word.starts(with: "HTTP/1.".utf8), let digit = word.last,
      (48...57).contains(digit)
    else { return nil }
    return Int(digit - 48)
  }

  private mutating func readField(_ line: ArraySlice<UInt8>) throws(HTTPSyntaxError) {
    guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > line.startIndex,
      line[..<colon].allSatisfy(HTTPHeaders.isTokenByte)
    else { throw .malformed("a line that is no header") }
    guard line[colon...].allSatisfy(HTTPHeaders.isValueByte) else {
      throw .malformed("a header with control characters")
    }
    message?.headers.add(
      String(decoding: line[..<colon], as: UTF8.self),
      HTTPHeaders.trimmed(String(decoding: line[(colon + 1)...], as: UTF8.self)[...]))
  }

  // MARK: - Body

  /// Sees from the head how the body ends; the message where there is none.
  private mutating func begin() throws(HTTPSyntaxError) -> HTTPMessage? {
    guard let message else { return nil }
    if case .response(let status) = message.start {
      if status == 101 { return finish() }
      if status < 200 {  // 100 Continue and the like: the answer is still to come.
        self.message = nil
        state = .head
        return nil
      }
      if status == 204 || status == 304 || answersHead { return finish() }
    }
    let codings = message.headers.values("Transfer-Encoding")
    let length = try Self.contentLength(message.headers)
    if !codings.isEmpty {
      guard length == nil else { throw .malformed("two ways to say how long the body is") }
      guard codings.count == 1, HTTPHeaders.equal(codings[0], "chunked") else {
        throw .unsupported(
          "the transfer coding '\(codings.joined(separator: ", ").plainLine(upTo: 60))'")
      }
      state = .chunkSize
    } else if let length {
      guard length <= limits.body else { throw .tooLarge(.body, limit: limits.body) }
      if length == 0 { return finish() }
      state = .body(remaining: length)
    } else if kind == .responses {
      self.message?.endsWithConnection = true
      state = .untilClosed
    } else {
      return finish()
    }
    mustContinue =
      kind == .requests && message.minorVersion >= 1
      && message.headers.list("Expect", has: "100-continue")
    return nil
  }

  private static func contentLength(_ headers: HTTPHeaders) throws(HTTPSyntaxError) -> Int? {
    let values = headers.values("Content-Length")
    guard let first = values.first else { return nil }
    guard values.allSatisfy({ $0 == first }), !first.isEmpty, first.utf8.count <= 18,
      first.utf8.allSatisfy({ (48...57).contains($0) }), let length = Int(first)
    else { throw .malformed("a Content-Length that is no length") }
    return length
  }

  private static func chunkSize(_ line: ArraySlice<UInt8>) throws(HTTPSyntaxError) -> Int {
    var digits = line.prefix { $0 != UInt8(ascii: ";") }
    while let last = digits.last, last == 0x20 || last == 9 { digits.removeLast() }
    var size = 0
    guard (1...15).contains(digits.count) else { throw .malformed("a chunk without a size") }
    for digit in digits {
      guard let value = Hexadecimal.value(of: digit) else {
        throw .malformed("a chunk without a size")
      }
      size = size << 4 | Int(value)
    }
    return size
  }

  // MARK: - Bytes

  /// A line without its end; nil while that has not come.
  private mutating func line(limit: Int) throws(HTTPSyntaxError) -> ArraySlice<UInt8>? {
    var index = max(searched, position)
    while index < bytes.count, bytes[index] != 10 { index += 1 }
    guard index < bytes.count else {
      searched = index
      guard waiting <= limit else { throw .tooLarge(.head, limit: limits.head) }
      return nil
    }
    guard index - position < max(limit, 2) else { throw .tooLarge(.head, limit: limits.head) }
    guard index > position, bytes[index - 1] == 13 else {
      throw .malformed("a line that does not end with CR LF")
    }
    defer {
      position = index + 1
      searched = position
    }
    return bytes[position..<(index - 1)]
  }

  /// Moves bytes into the body, and says how many.
  private mutating func move(atMost count: Int) -> Int {
    let count = min(count, waiting)
    message?.body.append(contentsOf: bytes[position..<(position + count)])
    position += count
    searched = position
    return count
  }

  private mutating func finish() -> HTTPMessage? {
    defer {
      message = nil
      state = .head
      mustContinue = false
      headBytes = 0
    }
    return message
  }
}

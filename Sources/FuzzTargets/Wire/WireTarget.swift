/// Bytes on a connection: to our server, or from a server to our client.
///
/// The first line says who hears them, `server` or `client`, and in pieces of how many bytes they come;
/// without it the server does, in one. Nobody crashes, nobody hangs, and a server answers in its protocol.
enum WireTarget {
  /// An input without its first line.
  private struct Input {
    var isForClient = false
    var piece = Int.max
    var bytes: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) {
      self.bytes = bytes[...]
      guard let end = bytes.prefix(16).firstIndex(of: UInt8(ascii: "\n")) else { return }
      let words = String(decoding: bytes[..<end], as: UTF8.self).split(separator: " ")
      guard let name = words.first, ["server", "client"].contains(name) else { return }
      isForClient = name == "client"
      if words.count > 1, let count = Int(words[1]), count > 0 { piece = count }
      self.bytes = bytes[(end + 1)...]
    }
  }

  /// Says what is wrong, with a bench to find it out on.
  private static func judged(_ judge: (WireBench) -> String?) -> String? {
    switch WireBench.shared {
    case .success(let bench): judge(bench)
    case .failure(let error): "there is no server to feed: \(error)"
    }
  }

  /// Requests and answers of HTTP.
  static func http(_ bytes: [UInt8]) -> String? { judged { http(bytes, on: $0) } }

  private static func http(_ bytes: [UInt8], on bench: WireBench) -> String? {
    let input = Input(bytes)
    // So many pieces would only take time.
    let piece = max(input.piece, input.bytes.count / 64 + 1)
    guard !input.isForClient else {
      return defect(of: bench.answered(Array(input.bytes), piece: piece))
    }
    guard let answer = bench.told(Array(input.bytes), piece: piece) else {
      return "the server neither answers nor closes"
    }
    return defect(ofAnswer: answer)
  }

  /// Frames of WebSockets, once both sides have agreed on one.
  static func frames(_ bytes: [UInt8]) -> String? { judged { frames(bytes, on: $0) } }

  private static func frames(_ bytes: [UInt8], on bench: WireBench) -> String? {
    let input = Input(bytes)
    let piece = max(input.piece, input.bytes.count / 64 + 1)
    guard !input.isForClient else {
      return defect(of: bench.pushed(Array(input.bytes), piece: piece))
    }
    let answer = bench.toldInSocket(Array(input.bytes), piece: piece)
    return answer == nil ? "the server does not come to an end" : nil
  }

  private static func defect(ofAnswer answer: [UInt8]) -> String? {
    answer.isEmpty || answer.starts(with: "HTTP/1.1 ".utf8) ? nil : "an answer that is no HTTP"
  }

  private static func defect(of heard: WireBench.Heard) -> String? {
    switch heard {
    case .hangs: "the client hangs"
    case .over(let error): error.flatMap(JSONTarget.textDefect)
    }
  }
}

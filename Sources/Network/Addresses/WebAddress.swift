/// An absolute address: `https://host:port/path?query`, or with `http`, `ws`, `wss`.
package struct WebAddress: Hashable, Sendable, CustomStringConvertible {
  /// Whom to ask.
  package let endpoint: Endpoint
  /// What for: path and query as they are written, never decoded and encoded again.
  package let target: String

  package init(endpoint: Endpoint, target: String) {
    self.endpoint = endpoint
    self.target = target
  }

  /// Reads an address.
  ///
  /// A user, a fragment, IPv6 and characters that have to be escaped are refused.
  package init(_ text: String) throws(NetworkError) {
    func refusal(_ why: String) -> NetworkError { NetworkError(.badAddress(why), at: "'\(text)'") }
    guard let colon = text.firstRange(of: "://") else {
      throw refusal("this is no absolute address")
    }
    let scheme = text[..<colon.lowerBound].lowercased()
    let isSecure: Bool
    switch scheme {
    case "https", "wss": isSecure = true
    case "http", "ws": isSecure = false
    default: throw refusal("the scheme '\(scheme)' is none of https, http, wss, ws")
    }
    let rest = text[colon.upperBound...]
    let end = rest.firstIndex { $0 == "/" || $0 == "?" || $0 == "#" } ?? rest.endIndex
    let authority = rest[..<end]
    let parts = authority.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let host = parts[0].lowercased()
    guard !host.isEmpty, host.utf8.count <= 253,
      host.utf8.allSatisfy({ Self.isHostByte($0) })
    else { throw refusal("'\(parts[0])' is no host") }
    var port: UInt16 = isSecure ? 443 : 80
    if parts.count == 2 {
      guard parts[1].utf8.allSatisfy({ (48...57).contains($0) }), let number = UInt16(parts[1]),
        number > 0
      else { throw refusal("'\(parts[1])' is no port") }
      port = number
    }
    var target = String(rest[end...])
    guard Self.isTarget(target) else {
      throw refusal("the path has a character that must be escaped")
    }
    if !target.hasPrefix("/") { target = "/" + target }
    self.init(
      endpoint: Endpoint(host: host, port: port, isSecure: isSecure), target: target)
  }

  /// The same host, another path and query.
  package func with(target: String) -> WebAddress {
    WebAddress(endpoint: endpoint, target: target)
  }

  /// The whole address again.
  package var description: String { "\(endpoint)\(target)" }

  private static func isHostByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
      UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
      true
    default: false
    }
  }

  /// Whether a path and query can stand in a request line.
  static func isTarget(_ text: String) -> Bool {
    text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f && $0 != UInt8(ascii: "#") }
  }
}

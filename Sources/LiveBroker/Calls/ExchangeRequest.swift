/// A request as it will be sent, but for host, signature and connection.
package struct ExchangeRequest: Hashable, Sendable {
  /// What is done to the path.
  package enum Method: String, Hashable, Sendable {
    /// Reads.
    case get = "GET"
    /// Creates or starts something.
    case post = "POST"
    /// Ends something.
    case delete = "DELETE"
  }

  /// A part of the query; a name may be there several times.
  package struct QueryItem: Hashable, Sendable {
    /// What it is called.
    package var name: String
    /// Its value, not encoded yet.
    package var value: String
  }

  /// What is done.
  package var method: Method
  /// The path from the root of the host, with its parts encoded.
  package var path: String
  /// The query, in the order in which it is sent.
  package var query: [QueryItem] = []
  /// The body's bytes; none of a request that reads.
  package var body: [UInt8] = []
  /// Which limit of the exchange it counts against.
  package var group: EndpointGroup
  /// What happens if it is sent a second time, after an answer that was lost.
  package var repetition: Repetition

  /// Path and query as they stand in the request's first line, and as the Exchange's signature has them.
  package var target: String {
    guard !query.isEmpty else { return path }
    let items = query.map { "\(Self.encoded($0.name))=\(Self.encoded($0.value))" }
    return path + "?" + items.joined(separator: "&")
  }

  /// Method and path, for messages: nothing of query or body.
  package var name: String { "\(method.rawValue) \(path)" }

  /// Whether a lost answer leaves nothing to find out.
  package enum Repetition: Hashable, Sendable {
    /// Sent twice is as good as sent once.
    case harmless
    /// It may have made an order: look that up by its client order id first.
    case lookUpFirst
  }

  /// A text as part of a path or query: everything but RFC 3986's unreserved characters in percent.
  package static func encoded(_ text: String) -> String {
    var encoded = ""
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
        UInt8(ascii: "_"), UInt8(ascii: "~"):
        encoded.unicodeScalars.append(Unicode.Scalar(byte))
      default:
        let digits = String(byte, radix: 16, uppercase: true)
        encoded += byte < 16 ? "%0\(digits)" : "%\(digits)"
      }
    }
    return encoded
  }
}

extension [ExchangeRequest.QueryItem] {
  /// Adds a part, where there is a value.
  mutating func add(_ name: String, _ value: String?) {
    if let value, !value.isEmpty { append(.init(name: name, value: value)) }
  }
}

import Market
import Network

/// The query of a request of Advanced Trade.
struct AdvancedQuery {
  private let items: [(name: String, value: String)]

  init(_ request: HTTPRequest) { items = request.queryItems.filter { !$0.value.isEmpty } }

  /// The value of a name; of one that is repeated the first.
  subscript(name: String) -> String? { items.first { $0.name == name }?.value }

  /// Every value of these names, which mean the same.
  func all(_ names: String...) -> Set<String> {
    Set(items.filter { names.contains($0.name) }.map(\.value))
  }

  /// A count, at most `most`.
  func count(_ name: String, default: Int, most: Int) throws(BadRequest) -> Int {
    guard let text = self[name] else { return `default` }
    guard let count = Int(text), count >= 0 else {
      throw BadRequest("\(name) is '\(text)', expected a number")
    }
    return count == 0 ? `default` : min(count, most)
  }

  /// A moment in UNIX seconds.
  func seconds(_ name: String) throws(BadRequest) -> Timestamp? {
    guard let text = self[name] else { return nil }
    guard let seconds = Int64(text), (0...9_000_000_000).contains(seconds) else {
      throw BadRequest("\(name) is '\(text)', expected UNIX seconds")
    }
    return Timestamp(seconds: seconds)
  }

  /// A moment of RFC 3339.
  func time(_ name: String) throws(BadRequest) -> Timestamp? {
    guard let text = self[name] else { return nil }
    guard let time = Timestamp(rfc3339: text) else {
      throw BadRequest("\(name) is '\(text)', expected a time such as 2026-11-22T10:00:00Z")
    }
    return time
  }
}

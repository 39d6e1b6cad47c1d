import JSON
import Market
import Network

/// The part of a list that a request asks for, and the headers that lead to the parts beside it; B.2.
///
/// Items are newest first and known by a number that grows. `before` is what is newer than a number,
/// `after` what is older; with `before` come the newest of all that is newer, not those next to it.
struct ExchangePage {
  private let before: UInt64?
  private let after: UInt64?
  private let limit: Int

  /// Reads what is asked for.
  init(_ query: ExchangeQuery) throws(ExchangeDefect) {
    before = try query.cursor("before")
    after = try query.cursor("after")
    limit = try query.limit(most: 1000)
  }

  /// The answer with those of the items that are asked for.
  ///
  /// - Parameters:
  ///   - items: Newest first.
  ///   - number: What an item is known by.
  ///   - tree: How an item is written.
  /// - Returns: An array, with the numbers of its ends in the headers.
  func answer<Item>(
    _ items: some Sequence<Item>, number: (Item) -> UInt64, _ tree: (Item) -> JSONTree
  ) -> HTTPResponse {
    var page: [Item] = []
    for item in items {
      if let before, number(item) <= before { continue }
      if let after, number(item) >= after { continue }
      page.append(item)
      if page.count == limit { break }
    }
    var headers: HTTPHeaders = [:]
    if let first = page.first, let last = page.last {
      headers["CB-BEFORE"] = "\(number(first))"
      headers["CB-AFTER"] = "\(number(last))"
    }
    return ExchangeAnswer.json(.array(page.map(tree)), headers: headers)
  }
}

/// The query of a request of the Exchange.
struct ExchangeQuery {
  private let items: [(name: String, value: String)]

  init(_ request: HTTPRequest) { items = request.queryItems.filter { !$0.value.isEmpty } }

  /// The value of a name.
  subscript(name: String) -> String? { items.first { $0.name == name }?.value }

  /// Every value of a name, which may be repeated.
  func all(_ name: String) -> Set<String> {
    Set(items.filter { $0.name == name || $0.name == "\(name)[]" }.map(\.value))
  }

  /// How many items at most; `most` where nothing is said.
  func limit(most: Int) throws(ExchangeDefect) -> Int {
    guard let text = self["limit"] else { return most }
    guard let count = Int(text), count > 0 else { throw ExchangeDefect("Invalid limit") }
    return min(count, most)
  }

  /// A number that a header gave.
  func cursor(_ name: String) throws(ExchangeDefect) -> UInt64? {
    guard let text = self[name] else { return nil }
    guard let number = UInt64(text) else { throw ExchangeDefect("Invalid cursor") }
    return number
  }

  /// A moment, of ISO 8601 or in UNIX seconds.
  func time(_ name: String) throws(ExchangeDefect) -> Timestamp? {
    guard let text = self[name] else { return nil }
    if let time = Timestamp(rfc3339: text) ?? Timestamp(rfc3339: text + "Z") { return time }
    guard let seconds = Int64(text), (0...9_000_000_000).contains(seconds) else {
      throw ExchangeDefect("Invalid \(name)")
    }
    return Timestamp(seconds: seconds)
  }
}

import Market

/// How orders and positions are called where people see them.
package enum StoreName {
  /// An order, such as `BTC-USD-18`.
  package static func order(_ number: UInt64, of product: String) -> String {
    "\(product)-\(number)"
  }

  /// A position, such as `BTC-USD-p3`.
  package static func position(_ number: Int, of product: String) -> String {
    "\(product)-p\(number)"
  }
}

/// What a name that a person typed cannot be.
package struct LookupError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What was looked for: `order` or `position`.
  package var what: String
  /// What was typed.
  package var text: String
  /// What it could be; none where it is nothing.
  package var candidates: [String]

  /// One line for the user.
  package var description: String {
    guard candidates.count > 1 else {
      return "there is no \(what) '\(text)'. 'runner \(what)s list --all' shows those there are"
    }
    let shown = candidates.prefix(4).joined(separator: ", ")
    let more = candidates.count > 4 ? " and \(candidates.count - 4) more" : ""
    return "'\(text)' may be \(shown)\(more): write more of it"
  }
}

extension StoreReader {
  /// An order that a person names: by its name or the beginning of it, its number, its client order
  /// id, or the beginning of its exchange's id.
  ///
  /// - Returns: Its pair and number.
  /// - Throws: `LookupError` where that is none, or several and none of them exactly.
  package func order(
    named text: String, among pairs: [PairRow]
  ) throws -> (pair: Int, number: UInt64) {
    if let id = Self.clientOrderID(text) {
      let known = try connection.prepare(
        "SELECT 1 FROM orders WHERE pair = ? AND number = ?"
      ).first(Int(id.pair), Int64(id.number)) { _ in true }
      if try run().session == id.session, known == true { return (Int(id.pair), id.number) }
    }
    var matches = Matches(text)
    try connection.prepare("SELECT pair, number, exchange_id FROM orders").forEachRow { row in
      let (pair, number) = (try row.value(at: 0, as: Int.self), try row.number(at: 1))
      guard pairs.indices.contains(pair) else { return }
      let exchangeID: String? = try row.value(at: 2)
      matches.offer(
        StoreName.order(number, of: pairs[pair].product), short: "\(number)", other: exchangeID,
        key: (pair, number))
    }
    let (pair, number) = try matches.only("order")
    return (pair, number)
  }

  /// A position that a person names: by its name or the beginning of it, or its number.
  ///
  /// - Returns: Its pair and number.
  /// - Throws: `LookupError` where that is none, or several and none of them exactly.
  package func position(
    named text: String, among pairs: [PairRow]
  ) throws -> (pair: Int, number: Int) {
    var matches = Matches(text)
    try connection.prepare("SELECT pair, number FROM positions").forEachRow { row in
      let (pair, number) = (try row.value(at: 0, as: Int.self), try row.number(at: 1))
      guard pairs.indices.contains(pair) else { return }
      let name = StoreName.position(Int(number), of: pairs[pair].product)
      matches.offer(name, short: "p\(number)", other: nil, key: (pair, number))
      matches.offer(name, short: "\(number)", other: nil, key: (pair, number))
    }
    let (pair, number) = try matches.only("position")
    return (pair, Int(number))
  }

  private static func clientOrderID(_ text: String) -> ClientOrderID? {
    guard text.utf8.count == 36 else { return nil }
    return UInt128(text.filter { $0 != "-" }, radix: 16).flatMap(ClientOrderID.init(uuid:))
  }

  /// What a text may name.
  private struct Matches {
    let text: String
    let wanted: String
    /// By exact name or number; by the beginning of one.
    var exact: [(name: String, key: (pair: Int, number: UInt64))] = []
    var beginning: [(name: String, key: (pair: Int, number: UInt64))] = []

    init(_ text: String) {
      self.text = text
      wanted = text.lowercased()
    }

    mutating func offer(
      _ name: String, short: String, other: String?, key: (pair: Int, number: UInt64)
    ) {
      let full = name.lowercased()
      let isKnown = { (found: [(name: String, key: (pair: Int, number: UInt64))]) in
        found.last.map { $0.key == key } ?? false
      }
      if full == wanted || short == wanted || other == text {
        if !isKnown(exact) { exact.append((name, key)) }
      } else if !wanted.isEmpty, full.hasPrefix(wanted) || other?.hasPrefix(text) == true {
        if !isKnown(beginning) { beginning.append((name, key)) }
      }
    }

    func only(_ what: String) throws(LookupError) -> (Int, UInt64) {
      let found = exact.isEmpty ? beginning : exact
      guard found.count == 1, let match = found.first else {
        throw LookupError(what: what, text: text, candidates: found.map(\.name))
      }
      return (match.key.pair, match.key.number)
    }
  }
}

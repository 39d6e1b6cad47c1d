import Configuration
import JSON
import Market
import Persistence
import Reporting

/// A run as a command looks at it: its rows, and how they are shown.
struct Watched {
  let store: Store
  let selection: Selection
  /// How far the run has come.
  let time: Timestamp
  private let names: [String]
  private let watching: Watching

  init(_ store: Store, _ watching: Watching) throws {
    self.store = store
    self.watching = watching
    selection = try watching.selection(of: store)
    time = try store.reached()
    // Anybody may have written the file, and a terminal obeys what is written to it.
    names = store.pairs.map { shown($0.product) }
  }

  /// What stands where an ID is asked for.
  var id: String { watching.invocation.operands[0] }

  func has(_ flag: String) -> Bool { watching.invocation.has(flag) }

  func name(ofPair pair: Int) -> String { names[pair] }
  func name(ofOrder number: UInt64, _ pair: Int) -> String {
    StoreName.order(number, of: names[pair])
  }
  func name(of position: StoredPosition) -> String {
    StoreName.position(position.row.number, of: names[position.pair])
  }
  func name(ofPosition number: Int, _ pair: Int) -> String {
    StoreName.position(number, of: names[pair])
  }

  /// The decimals that show every price of a pair.
  func priceDecimals(_ pair: Int) -> Int { store.pairs[pair].quoteIncrement.decimalsOfTick }

  func price(_ price: Price?, _ pair: Int) -> String {
    price.map { Display.fixed($0, decimals: priceDecimals(pair)) } ?? Display.none
  }
  func amount(_ amount: Money?) -> String {
    amount.map { Display.fixed($0) } ?? Display.none
  }
  func time(_ time: Timestamp?) -> String { time.map(Display.minute) ?? Display.none }

  /// What the run's money is called: the quote currency of its first pair.
  var unit: String {
    let parts = (names.first ?? "").split(separator: "-")
    return parts.count == 2 ? String(parts[1]) : "quote units"
  }

  /// The first line of most answers: what this is of, and of when.
  var heading: String {
    let finished = store.run.finished == nil ? "" : ", complete"
    return "\(store.run.kind.rawValue) of \(shown(store.run.strategy))\(finished), "
      + "as of \(Display.minute(time)) UTC"
  }

  /// A document with the members that all of them have.
  func document(_ format: String) -> JSONWriter {
    var json = JSONWriter()
    json.beginDocument(format, by: watching.program.identity)
    json.member("db", watching.arguments.path)
    json.member("kind", store.run.kind.rawValue)
    json.member("as_of", time)
    return json
  }

  /// A setting of the run, from its manifest; `nil` where it is off or unknown.
  func setting(_ key: String) throws -> String? {
    let document = try JSONValue(parsing: Array(store.run.manifest.utf8))
    let value = try RecordedManifest(of: document)[key]
    return value == "off" ? nil : value
  }
}

extension TextTable {
  /// Its text, or a sentence where it has no rows.
  func text(orElse nothing: String) -> String {
    rows.isEmpty ? nothing + "\n" : lines(indent: 0).joined(separator: "\n") + "\n"
  }
}

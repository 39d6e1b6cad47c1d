/// A parsed text as two flat arrays.
///
/// One node of 12 bytes for each value, and the characters of strings and numbers: no tree, no
/// allocation for each value, memory in proportion to the text.
final class JSONTape: Sendable {
  struct Node: Hashable, Sendable {
    var kind: JSONValue.Kind
    /// Of a string or number where its characters begin; of a flag 0 or 1; of an array or object how
    /// many elements or members it has.
    var start: UInt32
    /// Of a string or number where its characters end; of an array or object the node behind it.
    var end: UInt32
  }

  /// In the order of the text; a member is its key, a string, and then its value.
  let nodes: [Node]
  let characters: [UInt8]

  init(nodes: [Node], characters: [UInt8]) {
    self.nodes = nodes
    self.characters = characters
  }

  /// The node behind a value and all within it.
  func end(of index: Int) -> Int {
    switch nodes[index].kind {
    case .array, .object: Int(nodes[index].end)
    case .null, .bool, .number, .string: index + 1
    }
  }

  func text(of index: Int) -> String {
    String(decoding: characters[Int(nodes[index].start)..<Int(nodes[index].end)], as: UTF8.self)
  }

  /// Whether these are the characters of a string or number.
  func hasText(_ text: String, at index: Int) -> Bool {
    let (start, end) = (Int(nodes[index].start), Int(nodes[index].end))
    return text.utf8.count == end - start && text.utf8.elementsEqual(characters[start..<end])
  }
}

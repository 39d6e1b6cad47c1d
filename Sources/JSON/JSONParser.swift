import CYAJL

extension JSONValue {
  /// Reads a text of one value.
  ///
  /// The grammar is yajl's, which is RFC 8259's: no comments, no trailing commas, nothing behind the
  /// value, valid UTF-8. On top of that no key may be twice in an object. Half of a surrogate pair in
  /// an escape (`\ud800`) becomes `?`.
  ///
  /// - Throws: `JSONError`, at the first thing that is wrong.
  /// - Complexity: O(bytes) time; memory at most the text's length and 12 bytes a value.
  public init(
    parsing bytes: [UInt8], limits: JSONLimits = JSONLimits()
  ) throws(JSONError) {
    guard bytes.count <= limits.bytes else {
      throw JSONError(line: 1, column: 1, problem: .tooLong(limit: limits.bytes))
    }
    let builder = TapeBuilder(limits: limits)
    let outcome = Parser(for: builder).parse(bytes)
    if let outcome {
      let (offset, words) = outcome
      let before = bytes[..<min(offset, bytes.count)]
      let lineStart = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
      let isTruncated = words.contains("premature EOF")
      throw JSONError(
        line: before.count { $0 == UInt8(ascii: "\n") } + 1, column: before.count - lineStart + 1,
        problem: builder.problem ?? (isTruncated ? .truncated : .grammar(words)))
    }
    self.init(tape: builder.finish(), index: 0)
  }
}

/// Owns a yajl handle.
private struct Parser: ~Copyable {
  private let handle: yajl_handle
  /// yajl keeps the address of the table, and the builder's.
  private let callbacks: UnsafeMutablePointer<yajl_callbacks>
  private let builder: TapeBuilder

  init(for builder: TapeBuilder) {
    self.builder = builder
    callbacks = .allocate(capacity: 1)
    callbacks.initialize(to: tapeCallbacks)
    let context = Unmanaged.passUnretained(builder).toOpaque()
    guard let handle = yajl_alloc(callbacks, nil, context) else {
      fatalError("yajl: out of memory")
    }
    self.handle = handle
  }

  deinit {
    yajl_free(handle)
    callbacks.deallocate()
  }

  /// Hands all bytes to yajl; returns where it stopped and why, `nil` where all is well.
  func parse(_ bytes: [UInt8]) -> (offset: Int, words: String)? {
    let status = bytes.withUnsafeBufferPointer { yajl_parse(handle, $0.baseAddress, $0.count) }
    if status == yajl_status_ok, yajl_complete_parse(handle) == yajl_status_ok { return nil }
    // Consumed is what it looked at, the culprit included.
    let offset =
      status == yajl_status_ok ? bytes.count : max(yajl_get_bytes_consumed(handle), 1) - 1
    guard let text = yajl_get_error(handle, 0, nil, 0) else { return (offset, "unknown error") }
    defer { yajl_free_error(handle, text) }
    let words = String(cString: text).split(separator: "\n").first ?? "unknown error"
    return (offset, String(words))
  }
}

/// Takes yajl's events and lays them on a tape; refuses what the limits and the rule of keys forbid.
private final class TapeBuilder {
  private let limits: JSONLimits
  private var nodes: [JSONTape.Node] = []
  private var characters: [UInt8] = []
  /// The arrays and objects that are not over, by their nodes.
  private var open: [Int] = []
  /// What was refused, if anything was.
  private(set) var problem: JSONError.Problem?

  init(limits: JSONLimits) { self.limits = limits }

  func finish() -> JSONTape { JSONTape(nodes: nodes, characters: characters) }

  /// Adds a value within the array or object that is open; 0 tells yajl to stop.
  func add(_ kind: JSONValue.Kind, isKey: Bool = false, start: UInt32 = 0, end: UInt32 = 0) -> CInt
  {
    guard nodes.count < limits.values else {
      return refuse(.tooManyValues(limit: limits.values))
    }
    if let parent = open.last, !isKey { nodes[parent].start += 1 }
    nodes.append(.init(kind: kind, start: start, end: end))
    return 1
  }

  func add(
    _ kind: JSONValue.Kind, _ text: UnsafePointer<UInt8>?, _ count: Int, isKey: Bool = false
  ) -> CInt {
    let start = UInt32(characters.count)
    characters.append(contentsOf: UnsafeBufferPointer(start: text, count: count))
    return add(kind, isKey: isKey, start: start, end: UInt32(characters.count))
  }

  func begin(_ kind: JSONValue.Kind) -> CInt {
    guard open.count < limits.depth else { return refuse(.tooDeep(limit: limits.depth)) }
    guard add(kind) == 1 else { return 0 }
    open.append(nodes.count - 1)
    return 1
  }

  func end() -> CInt {
    guard let index = open.popLast() else { return 0 }
    nodes[index].end = UInt32(nodes.count)
    guard nodes[index].kind == .object, let key = repeatedKey(of: index) else { return 1 }
    return refuse(.repeatedKey(key))
  }

  private func refuse(_ problem: JSONError.Problem) -> CInt {
    self.problem = problem
    return 0
  }

  /// A key that an object has twice; by comparing all pairs where they are few.
  private func repeatedKey(of object: Int) -> String? {
    var keys: [Int] = []
    var next = object + 1
    while next < nodes.count {
      keys.append(next)
      let value = nodes[next + 1]
      let isFlat = value.kind != .array && value.kind != .object
      next = isFlat ? next + 2 : Int(value.end)
    }
    if keys.count > 32 {
      var seen: Set<ArraySlice<UInt8>> = []
      return keys.first { !seen.insert(text(of: $0)).inserted }.map { string(of: $0) }
    }
    for (place, key) in keys.enumerated() {
      for other in keys[..<place] where text(of: other).elementsEqual(text(of: key)) {
        return string(of: key)
      }
    }
    return nil
  }

  private func text(of node: Int) -> ArraySlice<UInt8> {
    characters[Int(nodes[node].start)..<Int(nodes[node].end)]
  }

  private func string(of node: Int) -> String { String(decoding: text(of: node), as: UTF8.self) }
}

/// The builder behind yajl's context pointer, which lives as long as the parser.
private func builder(_ context: UnsafeMutableRawPointer?) -> TapeBuilder {
  guard let context else { preconditionFailure("yajl lost the context it was given") }
  return Unmanaged<TapeBuilder>.fromOpaque(context).takeUnretainedValue()
}

private let tapeCallbacks = yajl_callbacks(
  yajl_null: { builder($0).add(.null) },
  yajl_boolean: { builder($0).add(.bool, start: $1 == 0 ? 0 : 1) },
  yajl_integer: nil,
  yajl_double: nil,
  yajl_number: { context, text, count in
    text?.withMemoryRebound(to: UInt8.self, capacity: count) {
      builder(context).add(.number, $0, count)
    } ?? 0
  },
  yajl_string: { builder($0).add(.string, $1, $2) },
  yajl_start_map: { builder($0).begin(.object) },
  yajl_map_key: { builder($0).add(.string, $1, $2, isKey: true) },
  yajl_end_map: { builder($0).end() },
  yajl_start_array: { builder($0).begin(.array) },
  yajl_end_array: { builder($0).end() })

public import Market

/// Writes JSON (RFC 8259) member by member, in the order of the calls, without building a tree.
///
/// Strings are escaped where the RFC demands it and otherwise stay UTF-8. A double is the shortest
/// text that reads back as the same double; `nil` and what is not finite is `null`. Exact decimals
/// are strings, so that no reader makes doubles of them. Mistakes of the caller, such as a value
/// without a key in an object, trap.
///
///     var json = JSONWriter()
///     json.beginObject(.lines)
///     json.member("fee", Money(steps: 5))
///     json.endObject()
public struct JSONWriter {
  /// How the elements of an array or the members of an object stand.
  public enum Layout: Hashable, Sendable {
    /// All in one line.
    case inline
    /// Each in a line of its own, indented by one space for each level.
    case lines
  }

  private struct Level {
    var isObject: Bool
    var layout: Layout
    var isEmpty = true
  }

  private var block = TextBlock()
  private var levels: [Level] = []
  /// A key was written and waits for its value.
  private var hasKey = false
  private var hasRoot = false

  /// A writer of one value.
  public init() {}

  /// What was written and not handed on yet, as UTF-8.
  public var bytes: [UInt8] { block.bytes }

  /// Whether the value is whole: everything that was begun has ended.
  public var isComplete: Bool { hasRoot && levels.isEmpty }

  /// Hands on what was written, if it is a good deal or `always`, and forgets it.
  ///
  /// Called now and then, between elements, it keeps memory small however long the document is.
  public mutating func drain<Failure: Error>(
    always: Bool = false, into sink: ([UInt8]) throws(Failure) -> Void
  ) throws(Failure) {
    try block.drain(always: always, into: sink)
  }

  /// Begins an object; its members are written next, each a key and a value.
  public mutating func beginObject(_ layout: Layout = .inline) { begin(true, layout) }

  /// Ends the object begun last.
  public mutating func endObject() { end(true) }

  /// Begins an array; its elements are written next.
  public mutating func beginArray(_ layout: Layout = .inline) { begin(false, layout) }

  /// Ends the array begun last.
  public mutating func endArray() { end(false) }

  /// Writes the key of a member, whose value follows.
  public mutating func key(_ key: String) {
    precondition(levels.last?.isObject == true && !hasKey, "key '\(key)' outside an object")
    separate()
    quote(key)
    block.append(": ")
    hasKey = true
  }

  /// Writes `null`.
  public mutating func null() { literal("null") }

  /// Writes a string.
  public mutating func value(_ text: String) {
    prepare()
    quote(text)
  }

  /// Writes `true` or `false`.
  public mutating func value(_ flag: Bool) { literal(flag ? "true" : "false") }

  /// Writes a whole number.
  public mutating func value(_ number: some FixedWidthInteger) {
    prepare()
    block.append(number)
  }

  /// Writes the shortest text of a double; `null` where it is not finite.
  public mutating func value(_ number: Double) {
    literal(number.isFinite ? number.description : "null")
  }

  /// Writes an exact decimal as a string.
  public mutating func value(_ decimal: some ExactDecimal) {
    prepare()
    block.append(UInt8(ascii: "\""))
    block.append(decimal)
    block.append(UInt8(ascii: "\""))
  }

  /// Writes seconds since 1970 as a number: whole, or with up to nine decimals.
  public mutating func value(_ time: Timestamp) {
    prepare()
    block.append(time)
  }

  private mutating func literal(_ text: String) {
    prepare()
    block.append(text)
  }

  private mutating func begin(_ isObject: Bool, _ layout: Layout) {
    prepare()
    block.append(isObject ? UInt8(ascii: "{") : UInt8(ascii: "["))
    levels.append(Level(isObject: isObject, layout: layout))
  }

  private mutating func end(_ isObject: Bool) {
    guard let level = levels.popLast(), level.isObject == isObject, !hasKey else {
      preconditionFailure("the end of \(isObject ? "an object" : "an array") that is not open")
    }
    if level.layout == .lines, !level.isEmpty { newLine() }
    block.append(isObject ? UInt8(ascii: "}") : UInt8(ascii: "]"))
    if levels.isEmpty { block.append(UInt8(ascii: "\n")) }
  }

  /// Before a value: the comma and the line, unless its key has seen to that.
  private mutating func prepare() {
    if hasKey {
      hasKey = false
      return
    }
    guard let level = levels.last else {
      precondition(!hasRoot, "a second value beside the first")
      hasRoot = true
      return
    }
    precondition(!level.isObject, "a value without a key in an object")
    separate()
  }

  private mutating func separate() {
    let last = levels.count - 1
    let level = levels[last]
    if !level.isEmpty { block.append(UInt8(ascii: ",")) }
    levels[last].isEmpty = false
    switch level.layout {
    case .lines: newLine()
    case .inline: if !level.isEmpty { block.append(UInt8(ascii: " ")) }
    }
  }

  private mutating func newLine() {
    block.append(UInt8(ascii: "\n"))
    for _ in levels.indices { block.append(UInt8(ascii: " ")) }
  }

  private mutating func quote(_ text: String) {
    block.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""): block.append("\\\"")
      case UInt8(ascii: "\\"): block.append("\\\\")
      case 0x08: block.append("\\b")
      case 0x09: block.append("\\t")
      case 0x0A: block.append("\\n")
      case 0x0C: block.append("\\f")
      case 0x0D: block.append("\\r")
      case ..<0x20:
        block.append("\\u00")
        block.append(byte < 0x10 ? "0" : "1")
        block.append(String(byte & 15, radix: 16))
      default: block.append(byte)
      }
    }
    block.append(UInt8(ascii: "\""))
  }
}

/// The common shapes, said in one call.
extension JSONWriter {
  /// Writes a member with a string, or `null`.
  public mutating func member(_ name: String, _ text: String?) {
    key(name)
    if let text { value(text) } else { null() }
  }

  /// Writes a member with a flag, or `null`.
  public mutating func member(_ name: String, _ flag: Bool?) {
    key(name)
    if let flag { value(flag) } else { null() }
  }

  /// Writes a member with a whole number.
  public mutating func member(_ name: String, _ number: some FixedWidthInteger) {
    key(name)
    value(number)
  }

  /// Writes a member with a double, or `null`.
  public mutating func member(_ name: String, _ number: Double?) {
    key(name)
    if let number { value(number) } else { null() }
  }

  /// Writes a member with an exact decimal as a string, or `null`.
  public mutating func member<Decimal: ExactDecimal>(_ name: String, _ decimal: Decimal?) {
    key(name)
    if let decimal { value(decimal) } else { null() }
  }

  /// Writes a member with a time in seconds, or `null`.
  public mutating func member(_ name: String, _ time: Timestamp?) {
    key(name)
    if let time { value(time) } else { null() }
  }
}

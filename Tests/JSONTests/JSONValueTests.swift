import Foundation
import JSON
import Testing

@Suite("JSON")
struct JSONValueTests {
  private static func parse(
    _ text: String, limits: JSONLimits = JSONLimits()
  ) throws(JSONError) -> JSONValue {
    try JSONValue(parsing: Array(text.utf8), limits: limits)
  }

  @Test func `every kind of value is read, in order`() throws {
    let value = try Self.parse(
      #"{"a": null, "b": [true, false], "c": {"d": "x\n\u00e9"}, "e": -1.50e3, "f": []}"#)
    #expect(value.members.map(\.key) == ["a", "b", "c", "e", "f"])
    #expect(value["a"]?.isNull == true)
    #expect(value["b"]?.elements.map(\.bool) == [true, false])
    #expect(value["c"]?["d"]?.string == "x\né")
    #expect(value["e"]?.number == "-1.50e3")
    #expect(value["e"]?.double == -1500)
    #expect(value["f"]?.count == 0)
    #expect(value["g"] == nil)
    #expect(value.count == 5)
  }

  @Test(
    "A number keeps its characters",
    arguments: ["0", "-0", "0.10", "1e400", "123456789012345678901234567890.000000000000000001"])
  func numbers(_ text: String) throws {
    let value = try Self.parse("[\(text)]")
    #expect(value.elements.map(\.number) == [text])
  }

  @Test func `another kind is no value, not a wrong one`() throws {
    let value = try Self.parse(#"["1", 1, 1.5]"#)
    #expect(value.elements.map(\.string) == ["1", nil, nil])
    #expect(value.elements.map(\.integer) == [nil, 1, nil])
    #expect(value["a"] == nil)
    #expect(value.members.map(\.key).isEmpty)
  }

  static let refused: [(String, String)] = [
    ("", "line 1, column 1: the text ends in the middle of a value"),
    ("{\n \"a\": 1", "line 2, column 8: the text ends in the middle of a value"),
    ("[1,]", "line 1, column 4: not JSON: parse error: unallowed token at this point in JSON text"),
    ("[01]", "line 1, column 3: not JSON: parse error: after array element, I expect ',' or ']'"),
    ("nul", "line 1, column 4: not JSON: lexical error: invalid string in json text."),
    ("[1] 2", "line 1, column 6: not JSON: parse error: trailing garbage"),
    (
      "// x\n1",
      "line 1, column 1: not JSON: lexical error: probable comment found in input text, comments are not enabled."
    ),
    ("[NaN]", "line 1, column 2: not JSON: lexical error: invalid char in json text."),
    ("\"a\tb\"", "line 1, column 2: not JSON: lexical error: invalid character inside string."),
    (#"{"a": 1, "b": {"a": 1}, "a": 2}"#, "line 1, column 31: the key 'a' is there twice"),
    (#"{"a": 1, "\u0061": 2}"#, "line 1, column 21: the key 'a' is there twice"),
    ("[[[[1]]]]", "line 1, column 4: nested deeper than 3 levels"),
    ("[1,2,3,4,5,6,7,8,9,10]", "more than 10 values"),
    (String(repeating: " ", count: 100) + "1", "longer than 100 bytes"),
  ]

  @Test("What is refused, and where", arguments: refused)
  func refusal(_ text: String, _ message: String) {
    let error = #expect(throws: JSONError.self) {
      try Self.parse(text, limits: JSONLimits(bytes: 100, depth: 3, values: 10))
    }
    #expect(error?.description == message)
  }

  @Test func `bytes that are no UTF-8 are refused`() {
    #expect(throws: JSONError.self) { try JSONValue(parsing: [0x22, 0xC3, 0x28, 0x22]) }
  }

  @Test func `a key that a large object has twice is found`() {
    let keys = (0..<100).map { "\"k\($0)\": 1" } + ["\"k42\": 1"]
    let error = #expect(throws: JSONError.self) {
      try Self.parse("{" + keys.joined(separator: ",") + "}")
    }
    #expect(error?.problem == .repeatedKey("k42"))
  }

  @Test func `a million brackets cost no stack`() {
    let error = #expect(throws: JSONError.self) {
      try Self.parse(String(repeating: "[", count: 1_000_000))
    }
    #expect(error?.problem == .tooDeep(limit: 64))
  }

  @Test("Any bytes are read or refused, never a crash", arguments: 0..<200 as Range<UInt64>)
  func mutated(seed: UInt64) throws {
    var bytes = Array(#"{"a": [1, 2.5e-3, "x\u0041"], "b": {"c": null, "d": true}}"#.utf8)
    var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
    for _ in 0..<4 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      bytes[Int(state >> 33) % bytes.count] = UInt8(truncatingIfNeeded: state >> 24)
    }
    guard let value = try? JSONValue(parsing: bytes) else { return }
    // What we take others take too, and with the same size.
    let other = try JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)
    if let object = other as? [String: Any] { #expect(object.count == value.count, "seed \(seed)") }
  }
}

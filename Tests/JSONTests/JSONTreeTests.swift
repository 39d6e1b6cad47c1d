import Foundation
import JSON
import Testing

@Suite("JSON that we write")
struct JSONTreeTests {
  private func text(_ tree: JSONTree) -> String { String(decoding: tree.bytes, as: UTF8.self) }

  @Test func `members keep their order, numbers their characters`() {
    let tree = JSONTree.object([
      ("b", .number("1.10")), ("a", .array([.null, .bool(true), .bool(false), .integer(-7)])),
      ("", .object([])), ("c", .array([])),
    ])
    #expect(text(tree) == #"{"b":1.10,"a":[null,true,false,-7],"":{},"c":[]}"#)
  }

  @Test func `strings are escaped as Foundation reads them`() throws {
    let hard = "\"\\/\n\r\t\u{0}\u{1f}\u{7f}é€😀"
    let bytes = JSONTree.array([.string(hard)]).bytes
    let read = try JSONSerialization.jsonObject(with: Data(bytes)) as? [String]
    #expect(read == [hard])
    #expect(try JSONValue(parsing: bytes).elements.map(\.string) == [hard])
    #expect(text(.object([("a\"b", .string("\u{1}"))])) == #"{"a\"b":"\u0001"}"#)
  }
}

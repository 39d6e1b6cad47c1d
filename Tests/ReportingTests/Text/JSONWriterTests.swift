import Foundation
import Market
import Reporting
import Testing

@Suite("JSON writer")
struct JSONWriterTests {
  static func json(_ write: (inout JSONWriter) -> Void) -> String {
    var writer = JSONWriter()
    write(&writer)
    return String(decoding: writer.bytes, as: UTF8.self)
  }

  static let strings: [(String, String)] = [
    ("", #""""#), ("plain", #""plain""#), ("a\"b\\c", #""a\"b\\c""#),
    ("\n\r\t\u{8}\u{c}", #""\n\r\t\b\f""#), ("\u{0}\u{1f}\u{7f}", "\"\\u0000\\u001f\u{7f}\""),
    ("äß€ 🙂/", "\"äß€ 🙂/\""),
  ]

  @Test("Strings are escaped and read back", arguments: strings)
  func escaping(_ text: String, _ expected: String) throws {
    let json = Self.json { $0.value(text) }
    #expect(json == expected)
    let read = try JSONSerialization.jsonObject(with: Data(json.utf8), options: .fragmentsAllowed)
    #expect(read as? String == text)
  }

  static let numbers: [Double] = [
    0, -0.0, 0.1, 1 / 3, -1e-7, .leastNonzeroMagnitude, .greatestFiniteMagnitude, 1e16,
    123_456_789.125, 1e22,
  ]

  @Test("Doubles read back as themselves", arguments: numbers)
  func doubles(_ number: Double) throws {
    let json = Self.json { $0.value(number) }
    let read = try JSONSerialization.jsonObject(with: Data(json.utf8), options: .fragmentsAllowed)
    #expect((read as? NSNumber)?.doubleValue == number)
    #expect(Double(json) == number)
  }

  @Test("What is missing or not finite is null", arguments: [Double.nan, .infinity, -.infinity])
  func nulls(_ number: Double) {
    #expect(Self.json { $0.value(number) } == "null")
    let json = Self.json {
      $0.beginObject()
      $0.member("a", Double?.none)
      $0.member("b", String?.none)
      $0.member("c", Price?.none)
      $0.member("d", Timestamp?.none)
      $0.member("e", Bool?.none)
      $0.endObject()
    }
    #expect(json == #"{"a": null, "b": null, "c": null, "d": null, "e": null}"# + "\n")
  }

  @Test("Objects and arrays nest, in one line or in many")
  func layout() {
    let json = Self.json {
      $0.beginObject(.lines)
      $0.key("empty")
      $0.beginArray(.lines)
      $0.endArray()
      $0.key("rows")
      $0.beginArray(.lines)
      for number in 1...2 {
        $0.beginObject()
        $0.member("id", number)
        $0.member("price", Price(steps: 150_000_000))
        $0.endObject()
      }
      $0.endArray()
      $0.member("time", Timestamp(nanoseconds: 1_250_000_000))
      $0.member("flag", true)
      $0.endObject()
      #expect($0.isComplete)
    }
    #expect(
      json == """
        {
         "empty": [],
         "rows": [
          {"id": 1, "price": "1.5"},
          {"id": 2, "price": "1.5"}
         ],
         "time": 1.25,
         "flag": true
        }

        """)
  }

  @Test("A value without a key in an object traps")
  func misuse() async {
    await #expect(processExitsWith: .failure) {
      var json = JSONWriter()
      json.beginObject()
      json.value(1)
    }
    await #expect(processExitsWith: .failure) {
      var json = JSONWriter()
      json.beginArray()
      json.endObject()
    }
  }
}

import Foundation
import Testing

/// A page taken apart, for tests: its tags in sequence, and its blocks of data.
struct PageText {
  let text: String

  init(_ bytes: [UInt8]) { text = String(decoding: bytes, as: UTF8.self) }

  private static let void: Set = ["meta", "br", "hr", "img", "input", "link"]

  /// Every start tag with its attributes' names, and every end tag, in sequence.
  ///
  /// What lies within a script or style sheet is text up to its end tag, as in a browser.
  var tags: [String] {
    var tags: [String] = []
    let bytes = Array(text.utf8)
    var place = 0
    while let open = bytes[place...].firstIndex(of: UInt8(ascii: "<")) {
      let tag = Self.tag(in: bytes[(open + 1)...])
      tags.append(tag.text)
      place = tag.end
      let name = tag.text.split(separator: " ").first ?? ""
      if name == "script" || name == "style" {
        let end = Array("</\(name)".utf8)
        while place < bytes.count, !bytes[place...].starts(with: end) { place += 1 }
      }
    }
    return tags
  }

  /// The name of a tag and of its attributes, and where it ends.
  private static func tag(in bytes: ArraySlice<UInt8>) -> (text: String, end: Int) {
    var text = ""
    var quote: UInt8?
    for (place, byte) in zip(bytes.indices, bytes) {
      if let open = quote {
        if byte == open { quote = nil }
      } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
        quote = byte
      } else if byte == UInt8(ascii: ">") {
        return (text.lowercased(), place + 1)
      } else {
        text.unicodeScalars.append(Unicode.Scalar(byte))
      }
    }
    return (text + " never ends", bytes.endIndex)
  }

  /// Tags that close nothing or stay open; empty of a page that is well formed.
  var imbalances: [String] {
    var open: [String] = []
    var wrong: [String] = []
    for tag in tags {
      let name = String(tag.split(separator: " ")[0])
      if name == "!doctype" || Self.void.contains(name) { continue }
      if name.hasPrefix("/") {
        if open.last == String(name.dropFirst()) { open.removeLast() } else { wrong.append(tag) }
      } else {
        open.append(name)
      }
    }
    return wrong + open.map { "<\($0)> stays open" }
  }

  /// The text of the data block of this name.
  func block(_ id: String) throws -> String {
    let start = try #require(text.firstRange(of: "id=\"\(id)\">"))
    let end = try #require(text[start.upperBound...].firstRange(of: "</script>"))
    return String(text[start.upperBound..<end.lowerBound])
  }

  /// The whole numbers of a data block, decoded apart from the encoder.
  func numbers(_ id: String) throws -> [Int128] {
    let bytes = try #require(Data(base64Encoded: try block(id)))
    var numbers: [Int128] = []
    var (number, shift): (UInt128, UInt128) = (0, 0)
    for byte in bytes {
      number |= UInt128(byte & 127) << shift
      shift += 7
      guard byte < 128 else { continue }
      let half = Int128(bitPattern: number >> 1)
      numbers.append(number & 1 == 0 ? half : -half - 1)
      (number, shift) = (0, 0)
    }
    #expect(shift == 0, "the block \(id) ends within a number")
    return numbers
  }

  /// The facts by which the blocks are read.
  func facts() throws -> [String: Any] {
    let json = Data(try block("run").utf8)
    return try #require(JSONSerialization.jsonObject(with: json) as? [String: Any])
  }
}

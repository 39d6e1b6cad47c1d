import Foundation
import Testing

@testable import Reporting

@Suite("Series of numbers as base64")
struct SeriesEncoderTests {
  static let numbers: [[Int128]] = [
    [], [0], [-1], [1], [63], [64], [-64], [-65], [127, 128], [1, 2, 3, 4],
    [Int128(Int64.max), Int128(Int64.min)], [.max], [.min], [.min, .max, 0],
  ]

  @Test("What is written reads back", arguments: numbers)
  func roundTrip(_ numbers: [Int128]) throws {
    var block = TextBlock()
    var series = SeriesEncoder()
    for number in numbers { series.append(number, to: &block) }
    series.finish(to: &block)
    let text = "id=\"x\">" + String(decoding: block.bytes, as: UTF8.self) + "</script>"
    #expect(try PageText(Array(text.utf8)).numbers("x") == numbers)
  }

  @Test("Bytes are the base64 that Foundation makes", arguments: 0..<8)
  func base64(_ count: Int) {
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 91 + 7) }
    var block = TextBlock()
    var base64 = Base64Encoder()
    for byte in bytes { base64.append(byte, to: &block) }
    base64.finish(to: &block)
    #expect(String(decoding: block.bytes, as: UTF8.self) == Data(bytes).base64EncodedString())
  }
}

import Foundation
import Testing

@testable import Telemetry

@Suite("Log lines")
struct LogFormatTests {
  private static let event = LogEvent(
    time: noon, level: .warn, message: "odd rows",
    fields: [
      .init("file", "my candles.csv"), .init("rows", 3), .init("share", 0.5), .init("ok", false),
      .init("empty", ""), .init("plain", "a.csv"),
    ])

  @Test func `a line for people`() {
    #expect(
      line(.text(isColoured: false), Self.event)
        == "03:04:05 warn  odd rows  file=\"my candles.csv\" rows=3 share=0.5 ok=false empty=\"\""
        + " plain=a.csv\n")
  }

  @Test func `colour only where it is asked for`() {
    let text = line(.text(isColoured: true), Self.event)
    #expect(text.contains("\u{1B}[33mwarn \u{1B}[0m odd rows"))
    #expect(!line(.text(isColoured: false), Self.event).contains("\u{1B}"))
    #expect(!line(.json, Self.event).contains("\u{1B}"))
  }

  @Test func `a sentence behind the program's name`() {
    var event = Self.event
    event.message = "one\ntwo"
    #expect(line(.plain(program: "runner"), event) == "runner: one\nrunner: two\n")
  }

  @Test func `a line for programs`() throws {
    let text = line(.json, Self.event)
    #expect(
      text.hasPrefix(
        "{\"time\": \"2024-01-01T03:04:05.678Z\", \"level\": \"warn\", \"message\": \"odd rows\", ")
    )
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    #expect(object["file"] as? String == "my candles.csv")
    #expect(object["rows"] as? Int == 3)
    #expect(object["share"] as? Double == 0.5)
    #expect(object["ok"] as? Bool == false)
  }

  @Test func `times before 1970 and numbers that are none are written too`() {
    let event = LogEvent(time: -1, level: .info, message: "", fields: [.init("x", .number(.nan))])
    #expect(line(.json, event).contains("\"1969-12-31T23:59:59.999Z\""))
    #expect(line(.json, event).contains("\"x\": null"))
    #expect(line(.text(isColoured: false), event).hasPrefix("23:59:59 info "))
  }

  @Test(
    "Whatever is in a message or a field, it is one line that cannot command a terminal",
    arguments: ["a\nb", "a\rb", "\u{1B}[2J", "\u{0}", "\u{7F}", "\u{9B}31m", "\u{2028}", "\"\\\t"])
  func forged(_ text: String) throws {
    let event = LogEvent(
      time: noon, level: .info, message: text, fields: [.init("k", .text(text)), .init(text, 1)])
    for format in [LogFormat.json, .text(isColoured: false)] {
      let line = line(format, event)
      #expect(line.unicodeScalars.dropLast().allSatisfy { $0.value >= 0x20 && $0.value != 0x7F })
      #expect(!line.unicodeScalars.contains { (0x80...0x9F).contains($0.value) })
    }
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(line(.json, event).utf8)) as? [String: Any])
    #expect(object["message"] as? String == text)
    #expect(object["k"] as? String == text)
  }
}

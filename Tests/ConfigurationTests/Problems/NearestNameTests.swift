import Configuration
import Testing

@Suite("The nearest name")
struct NearestNameTests {
  static let names = ["trail", "window", "rsi_period", "macd_fast", "macd_slow", "id"]

  static let cases: [(String, String?)] = [
    ("trail", "trail"), ("trial", "trail"), ("TRAIL", "trail"), ("tail", "trail"),
    ("trails", "trail"), ("rsi-period", "rsi_period"), ("rsi_peirod", "rsi_period"),
    ("rsiperod", "rsi_period"), ("rsi_prd", nil), ("macd_fats", "macd_fast"),
    ("macd_sl", "macd_slow"), ("ids", "id"), ("xy", nil), ("", nil), ("lookback", nil),
    ("windows_size", nil),
  ]

  @Test("It is the one a slip away, or none", arguments: cases)
  func finds(text: String, name: String?) {
    #expect(nearestName(to: text, among: Self.names) == name)
  }

  @Test("Of equally near names the first one counts; of no names, none")
  func ties() {
    #expect(nearestName(to: "bat", among: ["cat", "rat"]) == "cat")
    #expect(nearestName(to: "bat", among: []) == nil)
  }

  @Test("A text of a megabyte is near to nothing")
  func longText() {
    #expect(nearestName(to: String(repeating: "a", count: 1 << 20), among: Self.names) == nil)
  }
}

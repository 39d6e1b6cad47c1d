import Configuration
import Market
import Testing

@Suite("Settings as YAML")
struct SettingsYAMLTests {
  @Test("Every key stands there with its value and its origin")
  func showsOrigins() throws {
    let settings = try load("exit:\n  trail: 0.030\n", sets: ["strategy.name=confluence"])
    let lines = settings.yaml.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.first == "product:")
    #expect(lines.contains("  quote_min_size: 1  # default"))
    #expect(lines.contains("  name: confluence  # --set"))
    #expect(lines.contains("  trail: 0.03  # a.yaml:2"))
    #expect(lines.count == settings.all.count + 10 + 9 + 1)  // Sections, gaps, the last line's end.
  }

  @Test(
    "A text survives being written and read",
    arguments: [
      "BTC-USD", "null", "~", "-", "a: b", "#x", "\"'\\", "é😀", "a\u{1B}[31m\nb", "[x]", "&a",
      "...",
      "---", "a\u{0}b", "\u{FEFF}", "<<", "0x10",
    ])
  func textRoundTrip(id: String) throws {
    let settings = try load(sets: ["product.id=\(id)"])
    #expect(settings.product.id == id)
    #expect(try load(settings.yaml).product.id == id)
  }
}

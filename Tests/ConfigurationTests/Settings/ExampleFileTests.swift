import Configuration
import Foundation
import Testing

@Suite("The example file")
struct ExampleFileTests {
  static let path = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../../Data/config.example.yaml").standardizedFileURL.path()

  @Test("Data/config.example.yaml is what the declarations say; UPDATE_GOLDEN=1 rewrites it")
  func isUpToDate() throws {
    let text = ExampleFile.text(strategies: [.confluence, .cross])
    if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
      try text.write(toFile: Self.path, atomically: true, encoding: .utf8)
    }
    let file = try ConfigurationFile(path: Self.path)
    #expect(String(decoding: file.bytes, as: UTF8.self) == text)
  }

  @Test("It sets every key, and each to its default")
  func isTheDefaults() throws {
    let settings = try load(ExampleFile.text(strategies: [.confluence, .breakout]))
    #expect(settings.all.allSatisfy { $0.isDefault && $0.origin != .standard })
  }

  @Test("The keys of a second strategy stand there as comments")
  func showsOthers() {
    let text = ExampleFile.text(strategies: [.breakout, .confluence])
    #expect(
      text.contains(
        """

        # Another strategy, breakout, with keys of its own:
        # the highest close of many
        #
        # strategy:
        #   # which strategy decides on entries
        #   # breakout or confluence; default confluence
        #   name: breakout
        #   # candles that are looked at
        #   # a whole number from 1 to 1000; default 20
        #   lookback: 20
        # exit:
        #   # candles a position is held
        #   # a whole number from 0 to 1000; default 5
        #   patience: 5

        """))
  }

  @Test("No line is longer than a screen is wide")
  func fitsTheScreen() {
    for line in ExampleFile.text(strategies: [.confluence, .cross]).split(separator: "\n") {
      #expect(line.count <= 100, "\(line)")
    }
  }
}

import Foundation
import Testing

@Suite struct DocumentationTests {
  private static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// Lines without their indentation, which differs between a page and a source file.
  private func lines(of text: some StringProtocol) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0.trimmingCharacters(in: .whitespaces) }.joined(separator: "\n")
  }

  @Test func `the code in writing-a-strategy.md is that of the example`() throws {
    let example = Self.root.appending(path: "Examples/OwnStrategy")
    let sources = try [
      "Package.swift", "Sources/OwnRunner/DipStrategy.swift", "Sources/OwnRunner/ReturnExit.swift",
      "Sources/OwnRunner/main.swift", "Tests/OwnRunnerTests/DipStrategyTests.swift",
    ].map { lines(of: try String(contentsOf: example.appending(path: $0), encoding: .utf8)) }
    let page = try String(
      contentsOf: Self.root.appending(path: "Documentation/writing-a-strategy.md"), encoding: .utf8)
    let blocks = page.split(separator: "```swift\n").dropFirst().map { block in
      lines(of: block.prefix(upTo: block.firstRange(of: "```")?.lowerBound ?? block.endIndex))
    }
    #expect(!blocks.isEmpty)
    for block in blocks {
      #expect(sources.contains { $0.contains(block) }, "not in Examples/OwnStrategy:\n\(block)")
    }
  }
}

import Foundation
import Testing

/// Compares a text with a file of `Golden/`; `UPDATE_GOLDEN=1` writes the file instead.
func expectGolden(_ text: String, _ name: String, _ location: SourceLocation = #_sourceLocation)
  throws
{
  let file = goldenFolder.appending(path: name)
  if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
    try Data(text.utf8).write(to: file)
  }
  let expected = String(decoding: try Data(contentsOf: file), as: UTF8.self)
  #expect(text == expected, "\(name); UPDATE_GOLDEN=1 rewrites it", sourceLocation: location)
}

/// The folder beside these tests.
let goldenFolder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .appending(path: "Golden")

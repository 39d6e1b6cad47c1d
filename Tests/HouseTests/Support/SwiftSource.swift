/// What a test wants to know of a Swift file without compiling it.
struct SwiftSource {
  /// The text without its comments; line breaks stay, so lines keep their numbers.
  let code: String

  init(_ text: String) { code = Self.withoutComments(text) }

  /// The modules that it imports, with or without access levels, attributes and kinds.
  var imports: Set<String> {
    var found: Set<String> = []
    for line in code.split(whereSeparator: \.isNewline) {
      for statement in line.split(separator: ";") {
        let words = statement.split(separator: " ")
        guard let index = words.firstIndex(of: "import"), index + 1 < words.count,
          words[..<index].allSatisfy({ $0.hasPrefix("@") || Self.levels.contains($0) })
        else { continue }
        let isKind = index + 2 < words.count && Self.kinds.contains(words[index + 1])
        found.insert(String(words[index + (isKind ? 2 : 1)].prefix { $0 != "." }))
      }
    }
    return found
  }

  private static let levels: Set<Substring> = [
    "public", "package", "internal", "fileprivate", "private",
  ]
  private static let kinds: Set<Substring> = [
    "typealias", "struct", "class", "enum", "protocol", "let", "var", "func",
  ]

  /// Blanks `//` and nested `/* */` comments; what looks like one inside a string stays.
  private static func withoutComments(_ text: String) -> String {
    let bytes = Array(text.utf8)
    var result: [UInt8] = []
    var index = 0
    func at(_ offset: Int, _ text: StaticString) -> Bool {
      index + offset + text.utf8CodeUnitCount <= bytes.count
        && (0..<text.utf8CodeUnitCount).allSatisfy {
          bytes[index + offset + $0] == text.utf8Start[$0]
        }
    }
    func take(_ count: Int) {
      result += bytes[index..<min(index + count, bytes.count)]
      index += count
    }
    while index < bytes.count {
      if at(0, "//") {
        while index < bytes.count, bytes[index] != UInt8(ascii: "\n") { index += 1 }
      } else if at(0, "/*") {
        var depth = 0
        repeat {
          if at(0, "/*") { depth += 1 }
          if at(0, "*/") { depth -= 1 }
          if at(0, "/*") || at(0, "*/") { index += 1 }
          if index < bytes.count, bytes[index] == UInt8(ascii: "\n") { result.append(bytes[index]) }
          index += 1
        } while depth > 0 && index < bytes.count
      } else if at(0, "\"") {
        let isLong = at(0, "\"\"\"")
        take(isLong ? 3 : 1)
        while index < bytes.count, !(isLong ? at(0, "\"\"\"") : at(0, "\"")) {
          if !isLong, bytes[index] == UInt8(ascii: "\n") { break }
          take(at(0, "\\") ? 2 : 1)
        }
        take(isLong ? 3 : 1)
      } else {
        take(1)
      }
    }
    return String(decoding: result, as: UTF8.self)
  }
}

import Configuration
import Testing

@Suite("The YAML reader")
struct YAMLReaderTests {
  static func read(_ text: String) throws -> YAMLNode? {
    try YAMLReader.read(ConfigurationFile(name: "a.yaml", bytes: Array(text.utf8)))
  }

  /// The nodes in the order of the file, a line each.
  static func outline(_ node: YAMLNode) -> [String] {
    let place = "\(node.line):\(node.column)"
    switch node.content {
    case .scalar(let text, let style): return ["\(place) \(style) \(text)"]
    case .sequence(let items): return ["\(place) list"] + items.flatMap(outline)
    case .mapping(let entries):
      return entries.flatMap { ["\($0.line):\($0.column) \($0.key):"] + outline($0.value) }
    }
  }

  static let refusals: [(String, String)] = [
    ("a: &x [1]", "1:4: anchors such as '&x' are not read; remove it"),
    ("&x a: 1", "1:1: anchors such as '&x' are not read; remove it"),
    ("a: *x", "1:4: aliases such as '*x' are not read; write the value out"),
    ("*x : 1", "1:1: aliases such as '*x' are not read; write the value out"),
    ("<<: *x", "1:5: aliases such as '*x' are not read; write the value out"),
    ("a: !ref x", "1:4: tags such as '!ref' are not read; write the value alone"),
    (
      "a: !!str x",
      "1:4: tags such as 'tag:yaml.org,2002:str' are not read; write the value alone"
    ),
    ("? [a]\n: b", "1:3: a list or a mapping is used as a key; write the key as a plain word"),
    ("? {a: b}\n: b", "1:3: a list or a mapping is used as a key; write the key as a plain word"),
    ("a: 1\n---\nb: 2", "2:1: a second document begins here; put it into a file of its own"),
    ("a: 1\nb: 2\na: 3", "3:1: 'a' is already there in line 1; delete one of the two"),
    ("a:\n  b: 1\n  'b': 2", "3:3: 'b' is already there in line 2; delete one of the two"),
    ("a:\n\tb: 1", "2:1: a tab indents this line; YAML indents with spaces only"),
    ("a:\n  b: 1\n \tc: 1", "3:2: a tab indents this line; YAML indents with spaces only"),
    (
      "a: \"b\nc",
      "2:2: not YAML: found unexpected end of stream while scanning a quoted scalar that begins in "
        + "line 1; check indentation, quotes and brackets up to here"
    ),
    (
      "a: {b\n",
      "2:1: not YAML: did not find expected ',' or '}' while parsing a flow mapping that begins in "
        + "line 1; check indentation, quotes and brackets up to here"
    ),
    (
      "a:\n b: 1\n  c: 2",
      "3:4: not YAML: mapping values are not allowed in this context; check indentation, quotes and "
        + "brackets up to here"
    ),
    (
      "é: \u{0}",
      "1:4: byte 0x0 has no place here, a configuration is text; remove it, or save the file as UTF-8"
    ),
    (
      "a: b\nc: \u{1B}[31m",
      "2:4: byte 0x1b has no place here, a configuration is text; remove it, or save the file as "
        + "UTF-8"
    ),
  ]

  @Test("What a configuration does not need is refused with its place", arguments: refusals)
  func refuses(text: String, message: String) {
    #expect {
      try Self.read(text)
    } throws: { error in
      "\(error)" == "a.yaml:" + message
    }
  }

  /// Repeated, so that the report of the test does not hold a megabyte.
  static let tooMuch: [(piece: String, count: Int, message: String)] = [
    ("[", 17, "1:17: more than 16 levels inside each other; a section has two"),
    ("{a: ", 17, "1:65: more than 16 levels inside each other; a section has two"),
    ("- ", 17, "1:33: more than 16 levels inside each other; a section has two"),
    (
      "- a\n", 10_000, "10000:3: more than 10000 keys and values; is this the right file?"
    ),
    (
      " ", YAMLReader.maxBytes + 1,
      "1:1: the file is larger than 1048576 bytes; a configuration is short: is this the right file?"
    ),
  ]

  @Test("Depth, nodes and size are bounded", arguments: tooMuch)
  func bounds(piece: String, count: Int, message: String) {
    #expect {
      try Self.read(String(repeating: piece, count: count))
    } throws: { error in
      "\(error)" == "a.yaml:" + message
    }
  }

  @Test("At the bounds a file is still read")
  func atTheBounds() throws {
    let deep = String(repeating: "[", count: 16) + String(repeating: "]", count: 16)
    #expect(try Self.read(deep) != nil)
    #expect(try Self.read(String(repeating: "- a\n", count: 9999)) != nil)
    #expect(try Self.read("a: b" + String(repeating: " ", count: YAMLReader.maxBytes - 4)) != nil)
  }

  static let otherBytes: [([UInt8], String)] = [
    ([0xFF, 0xFE, 0x61, 0, 0x3A, 0], "1:1: the file is in UTF-16; save it as UTF-8"),
    ([0xFE, 0xFF, 0, 0x61, 0, 0x3A], "1:1: the file is in UTF-16; save it as UTF-8"),
    (
      [0x61, 0, 0x3A, 0],
      "1:2: byte 0x0 has no place here, a configuration is text; remove it, or save the file as UTF-8"
    ),
    (
      [0x61, 0x3A, 0x0A, 0xFF],
      "2:1: byte 0xff has no place here, a configuration is text; remove it, or save the file as UTF-8"
    ),
    (
      [0x7F, 0x45, 0x4C, 0x46, 2, 1, 1, 0],
      "1:1: byte 0x7f has no place here, a configuration is text; remove it, or save the file as UTF-8"
    ),
  ]

  @Test("Files that are not UTF-8 are refused", arguments: otherBytes)
  func refusesOtherBytes(bytes: [UInt8], message: String) {
    #expect {
      try YAMLReader.read(ConfigurationFile(name: "a.yaml", bytes: bytes))
    } throws: { error in
      "\(error)" == "a.yaml:" + message
    }
  }

  @Test("Nodes keep their text, their style and their place")
  func keepsTextAndPlace() throws {
    let root = try #require(try Self.read("a: 0.020\nb:\n  - 'yes'\n  - |-\n    x\n"))
    #expect(
      Self.outline(root) == [
        "1:1 a:", "1:4 plain 0.020", "2:1 b:", "3:3 list", "3:5 quoted yes", "4:5 block x",
      ])
  }

  @Test(
    "Line ends, a byte order mark and tabs after a colon do not matter",
    arguments: ["a: 1\nb: 2\n", "a: 1\r\nb: 2\r\n", "\u{FEFF}a: 1\nb: 2", "a:\t1\nb: 2 # c\n"])
  func ignoresLineEnds(text: String) throws {
    guard case .mapping(let entries) = try Self.read(text)?.content else {
      Issue.record("no mapping")
      return
    }
    #expect(entries.map(\.key) == ["a", "b"])
    #expect(
      entries.map(\.value.content) == [.scalar("1", .plain), .scalar("2", .plain)])
    #expect(entries.map(\.line) == [1, 2])
  }

  @Test(
    "A file without a document holds nothing",
    arguments: ["", "\n", "# only\n", "---\n", "--- \n..."])
  func emptyFile(text: String) throws {
    #expect(try Self.read(text) == nil)
  }

  @Test(
    "A megabyte of any one thing ends soon", .timeLimit(.minutes(1)),
    arguments: [
      "[", "{", "- ", "? ", ": ", "&a ", "!a ", "\"", "'", "a\n", "a: ", "{a: b},", "%", "#", "\t",
      " \n", "\\", "--- ", "...\n", "é", "[]", "[? ", "- - \n", "\r", "\u{85}",
    ])
  func endsSoon(piece: String) {
    let text = String(repeating: piece, count: YAMLReader.maxBytes / piece.utf8.count)
    _ = try? Self.read(text)  // Either answer will do.
  }
}

/// Reads the YAML of a configuration file: one document of mappings, lists and values.
///
/// What a configuration does not need is refused, with its place: anchors and aliases (a "bomb" of
/// a few lines expands to gigabytes), tags, a second document, the same key twice. Size, depth and
/// number of nodes are bounded, so any input ends soon, with a tree or with a problem.
package struct YAMLReader: ~Copyable {
  /// The most bytes a file may have: 1 MiB.
  package static let maxBytes = 1 << 20
  /// The most mappings and lists inside each other.
  package static let maxDepth = 16
  /// The most keys, values, lists and mappings.
  package static let maxNodes = 10_000

  private let file: String
  private var parser: YAMLParser
  private var nodes = 0

  private init(_ file: ConfigurationFile) {
    self.file = file.name
    // libyaml skips a byte order mark, but then counts it as a column of the first line.
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    parser = YAMLParser(
      file.bytes.dropFirst(file.bytes.starts(with: mark) ? 3 : 0), file: file.name)
  }

  /// The document of the file; `nil` where it holds nothing but comments.
  package static func read(
    _ file: ConfigurationFile
  ) throws(ConfigurationProblem) -> YAMLNode? {
    let start = Origin.file(file.name, line: 1, column: 1)
    guard file.bytes.count <= maxBytes else {
      throw ConfigurationProblem(start, .tooLarge(limit: maxBytes))
    }
    guard !file.bytes.starts(with: [0xFF, 0xFE]), !file.bytes.starts(with: [0xFE, 0xFF]) else {
      throw ConfigurationProblem(start, .utf16)
    }
    var reader = YAMLReader(file)
    return try reader.document()
  }

  private mutating func document() throws(ConfigurationProblem) -> YAMLNode? {
    var root: YAMLNode?
    var documents = 0
    while true {
      let event = try parser.next()
      switch event.kind {
      case .streamStart, .documentEnd: continue
      case .streamEnd: return root?.isBlank == true ? nil : root
      case .documentStart:
        documents += 1
        guard documents == 1 else { throw problem(.secondDocument, at: event) }
      case .alias, .scalar, .sequenceStart, .sequenceEnd, .mappingStart, .mappingEnd:
        root = try node(event, depth: 0)
      }
    }
  }

  /// The node that begins with `event`.
  private mutating func node(
    _ event: YAMLEvent, depth: Int
  ) throws(ConfigurationProblem) -> YAMLNode {
    if let anchor = event.anchor { throw problem(.anchor(anchor), at: event) }
    if let tag = event.tag { throw problem(.tag(tag), at: event) }
    nodes += 1
    guard nodes <= Self.maxNodes else {
      throw problem(.tooManyNodes(limit: Self.maxNodes), at: event)
    }
    let content: YAMLNode.Content
    switch event.kind {
    case .scalar(let text, let style): content = .scalar(text, style)
    case .sequenceStart: content = .sequence(try sequence(event, depth: depth + 1))
    case .mappingStart: content = .mapping(try mapping(event, depth: depth + 1))
    case .alias(let name): throw problem(.alias(name), at: event)
    case .streamStart, .streamEnd, .documentStart, .documentEnd, .sequenceEnd, .mappingEnd:
      preconditionFailure("libyaml's grammar has no \(event.kind) here")
    }
    return YAMLNode(content: content, line: event.line, column: event.column)
  }

  private mutating func sequence(
    _ start: YAMLEvent, depth: Int
  ) throws(ConfigurationProblem) -> [YAMLNode] {
    guard depth <= Self.maxDepth else { throw problem(.tooDeep(limit: Self.maxDepth), at: start) }
    var items: [YAMLNode] = []
    while true {
      let event = try parser.next()
      if case .sequenceEnd = event.kind { return items }
      items.append(try node(event, depth: depth))
    }
  }

  private mutating func mapping(
    _ start: YAMLEvent, depth: Int
  ) throws(ConfigurationProblem) -> [YAMLNode.Entry] {
    guard depth <= Self.maxDepth else { throw problem(.tooDeep(limit: Self.maxDepth), at: start) }
    var entries: [YAMLNode.Entry] = []
    var lines: [String: Int] = [:]  // Looked up only, never iterated.
    while true {
      let event = try parser.next()
      if case .mappingEnd = event.kind { return entries }
      if case .sequenceStart = event.kind { throw problem(.keyIsNoText, at: event) }
      if case .mappingStart = event.kind { throw problem(.keyIsNoText, at: event) }
      guard case .scalar(let key, _) = try node(event, depth: depth).content else {
        preconditionFailure("a node that is no collection and no alias is a scalar")
      }
      if let line = lines.updateValue(event.line, forKey: key) {
        throw problem(.duplicateKey(key, firstLine: line), at: event)
      }
      let value = try node(try parser.next(), depth: depth)
      entries.append(.init(key: key, line: event.line, column: event.column, value: value))
    }
  }

  private func problem(
    _ reason: ConfigurationProblem.Reason, at event: YAMLEvent
  ) -> ConfigurationProblem {
    ConfigurationProblem(.file(file, line: event.line, column: event.column), reason)
  }
}

extension YAMLNode {
  /// Whether nothing at all is written, not even a word for nothing.
  fileprivate var isBlank: Bool { content == .scalar("", .plain) }
}

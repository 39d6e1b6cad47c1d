import CYAML

/// libyaml's event parser over the bytes of one file.
///
/// The parser lives on the heap because libyaml keeps a pointer to it inside itself, and the bytes
/// are a copy because it reads them in place. Both go with the value, each event at the end of the
/// call that fetched it.
struct YAMLParser: ~Copyable {
  private let parser: UnsafeMutablePointer<yaml_parser_t>
  private let bytes: UnsafeMutableBufferPointer<UInt8>
  private let file: String

  init(_ bytes: ArraySlice<UInt8>, file: String) {
    self.file = file
    self.bytes = .allocate(capacity: bytes.count)
    _ = self.bytes.initialize(from: bytes)
    parser = .allocate(capacity: 1)
    parser.initialize(to: yaml_parser_t())
    // Fails only where a few kilobytes cannot be had; Swift's own allocations trap there too.
    precondition(yaml_parser_initialize(parser) == 1, "no memory for a YAML parser")
    yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
    yaml_parser_set_input_string(parser, self.bytes.baseAddress, bytes.count)
  }

  deinit {
    yaml_parser_delete(parser)
    parser.deallocate()
    bytes.deallocate()
  }

  /// The next event; not to be called after `streamEnd` or an error.
  mutating func next() throws(ConfigurationProblem) -> YAMLEvent {
    var event = yaml_event_t()
    // An event that failed is all zeros, which `delete` knows.
    defer { yaml_event_delete(&event) }
    guard yaml_parser_parse(parser, &event) == 1 else { throw complaint }
    return Self.copy(event)
  }

  private static func copy(_ event: yaml_event_t) -> YAMLEvent {
    func make(
      _ kind: YAMLEvent.Kind, anchor: UnsafeMutablePointer<UInt8>? = nil,
      tag: UnsafeMutablePointer<UInt8>? = nil
    ) -> YAMLEvent {
      YAMLEvent(
        kind: kind, anchor: anchor.map { String(cString: $0) },
        tag: tag.map { String(cString: $0) },
        line: event.start_mark.line + 1, column: event.start_mark.column + 1)
    }
    switch event.type {
    case YAML_STREAM_START_EVENT: return make(.streamStart)
    case YAML_STREAM_END_EVENT: return make(.streamEnd)
    case YAML_DOCUMENT_START_EVENT: return make(.documentStart)
    case YAML_DOCUMENT_END_EVENT: return make(.documentEnd)
    case YAML_ALIAS_EVENT:
      return make(.alias(event.data.alias.anchor.map { String(cString: $0) } ?? ""))
    case YAML_SCALAR_EVENT:
      let scalar = event.data.scalar
      // By length: a quoted scalar may hold "\0".
      let text = String(
        decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
      return make(
        .scalar(text, style(of: scalar.style)), anchor: scalar.anchor, tag: scalar.tag)
    case YAML_SEQUENCE_START_EVENT:
      let start = event.data.sequence_start
      return make(.sequenceStart, anchor: start.anchor, tag: start.tag)
    case YAML_SEQUENCE_END_EVENT: return make(.sequenceEnd)
    case YAML_MAPPING_START_EVENT:
      let start = event.data.mapping_start
      return make(.mappingStart, anchor: start.anchor, tag: start.tag)
    case YAML_MAPPING_END_EVENT: return make(.mappingEnd)
    default:
      preconditionFailure("libyaml has no event \(event.type.rawValue) in the midst of a file")
    }
  }

  private static func style(of style: yaml_scalar_style_t) -> YAMLNode.Style {
    switch style {
    case YAML_PLAIN_SCALAR_STYLE: .plain
    case YAML_SINGLE_QUOTED_SCALAR_STYLE, YAML_DOUBLE_QUOTED_SCALAR_STYLE: .quoted
    default: .block
    }
  }

  /// What libyaml says is wrong.
  private var complaint: ConfigurationProblem {
    let state = parser.pointee
    if state.error == YAML_READER_ERROR {  // It has no line, only an offset.
      let before = bytes.prefix(state.problem_offset)
      let lineStart = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
      let line = before.count { $0 == UInt8(ascii: "\n") } + 1
      let column = String(decoding: before[lineStart...], as: UTF8.self).unicodeScalars.count + 1
      let byte = bytes.indices.contains(state.problem_offset) ? Int(bytes[state.problem_offset]) : 0
      return ConfigurationProblem(
        .file(file, line: line, column: column), .notText(byte: byte))
    }
    let mark = state.problem_mark
    let origin = Origin.file(file, line: mark.line + 1, column: mark.column + 1)
    if isIndentedByTab(line: mark.line) { return ConfigurationProblem(origin, .tab) }
    var text = state.problem.map { String(cString: $0) } ?? "out of memory"
    if let context = state.context, state.context_mark.line < mark.line {
      text += " \(String(cString: context)) that begins in line \(state.context_mark.line + 1)"
    }
    return ConfigurationProblem(origin, .syntax(text))
  }

  private func isIndentedByTab(line: Int) -> Bool {
    let lines = bytes.split(
      separator: UInt8(ascii: "\n"), maxSplits: line + 1, omittingEmptySubsequences: false)
    guard lines.indices.contains(line) else { return false }
    return lines[line].prefix { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
      .contains(UInt8(ascii: "\t"))
  }
}

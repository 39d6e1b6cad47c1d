public import JSON

extension RecordedManifest {
  /// Reads the manifest of a result.
  ///
  /// - Parameter document: A `ratchet-result 1` or `ratchet-portfolio 1`.
  /// - Throws: `ResultFormatError` that names the member which is missing or wrong.
  public init(of document: JSONValue) throws(ResultFormatError) {
    guard document.kind == .object, let format = document["format"]?.string else {
      throw .noResult
    }
    guard [ResultDocument.format, PortfolioDocument.format].contains(format) else {
      throw .otherFormat(format)
    }
    guard let manifest = document["manifest"] else { throw .noManifest }
    let part = Part(value: manifest, path: "manifest")
    self =
      format == ResultDocument.format
      ? .one(try Manifest(part)) : .several(try PortfolioManifest(part))
  }
}

extension Manifest {
  fileprivate init(_ part: Part) throws(ResultFormatError) {
    let (program, data, reading) = (
      try part.part("program"), try part.part("data"), try part.part("reading")
    )
    self.init(
      program: try ResultDocument.Program(program), data: try DataFile(data),
      reading: try Reading(reading), timeRange: try part.optionalString("time_range"),
      settings: try part.settings("settings"))
  }
}

extension PortfolioManifest {
  fileprivate init(_ part: Part) throws(ResultFormatError) {
    let program = try ResultDocument.Program(part.part("program"))
    var pairs: [Pair] = []
    for element in try part.parts("pairs") {
      let name = try element.string("pair")
      guard !pairs.contains(where: { $0.name == name }) else {
        throw .member("manifest.pairs", expected: "pairs of different names")
      }
      pairs.append(
        Pair(
          name: name, data: try Manifest.DataFile(element.part("data")),
          settings: try element.settings("settings")))
    }
    guard !pairs.isEmpty else { throw .member("manifest.pairs", expected: "at least one pair") }
    self.init(
      program: program, pairs: pairs, reading: try Manifest.Reading(part.part("reading")),
      timeRange: try part.optionalString("time_range"), settings: try part.settings("settings"))
  }
}

extension ResultDocument.Program {
  fileprivate init(_ part: Part) throws(ResultFormatError) {
    self.init(name: try part.string("name"), version: try part.string("version"))
  }
}

extension Manifest.DataFile {
  fileprivate init(_ part: Part) throws(ResultFormatError) {
    self.init(
      path: try part.string("path"), bytes: part.value["bytes"]?.integer,
      sha256: try part.optionalString("sha256"))
  }
}

extension Manifest.Reading {
  fileprivate init(_ part: Part) throws(ResultFormatError) {
    self.init(
      columns: try part.settings("columns"), timeUnit: try part.optionalString("time_unit"),
      delimiter: try part.optionalString("delimiter"))
  }
}

/// Why a file is no result that can be repeated.
public enum ResultFormatError: Error, Hashable, Sendable, CustomStringConvertible {
  /// JSON, but no result of ours.
  case noResult
  /// A format that this version does not know.
  case otherFormat(String)
  /// A result of a version that wrote no manifest.
  case noManifest
  /// A member that is missing, or of another kind.
  case member(String, expected: String)

  /// One line, without the name of the file.
  public var description: String {
    switch self {
    case .noResult: "this is no result of 'backtest --json': it has no member 'format'"
    case .otherFormat(let format):
      "its format is '\(format.prefix(40))', and this version reads '\(ResultDocument.format)' "
        + "and '\(PortfolioDocument.format)'"
    case .noManifest:
      "it has no manifest, so that the run cannot be repeated: run the backtest again, which writes "
        + "one"
    case .member(let path, let expected): "'\(path)' should be \(expected)"
    }
  }
}

/// An object within the document, with the way to it for messages.
private struct Part {
  let value: JSONValue
  let path: String

  func part(_ key: String) throws(ResultFormatError) -> Part {
    guard let member = value[key], member.kind == .object else {
      throw .member("\(path).\(key)", expected: "an object")
    }
    return Part(value: member, path: "\(path).\(key)")
  }

  /// The objects of an array.
  func parts(_ key: String) throws(ResultFormatError) -> [Part] {
    guard let member = value[key], member.kind == .array else {
      throw .member("\(path).\(key)", expected: "an array")
    }
    var parts: [Part] = []
    for element in member.elements {
      let place = "\(path).\(key), no. \(parts.count + 1)"
      guard element.kind == .object else { throw .member(place, expected: "an object") }
      parts.append(Part(value: element, path: place))
    }
    return parts
  }

  func string(_ key: String) throws(ResultFormatError) -> String {
    guard let text = try optionalString(key) else {
      throw .member("\(path).\(key)", expected: "a string")
    }
    return text
  }

  func optionalString(_ key: String) throws(ResultFormatError) -> String? {
    guard let member = value[key], !member.isNull else { return nil }
    guard let text = member.string else {
      throw .member("\(path).\(key)", expected: "a string or null")
    }
    return text
  }

  func settings(_ key: String) throws(ResultFormatError) -> [RunResult.Setting] {
    var settings: [RunResult.Setting] = []
    for member in try part(key).value.members {
      guard let value = member.value.string else {
        throw .member("\(path).\(key).\(member.key)", expected: "a string")
      }
      settings.append(.init(key: member.key, value: value))
    }
    return settings
  }
}

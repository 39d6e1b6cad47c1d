public import JSON

extension Manifest {
  /// Reads the manifest of a result.
  ///
  /// - Parameter document: A `ratchet-result 1`.
  /// - Throws: `ResultFormatError` that names the member which is missing or wrong.
  public init(of document: JSONValue) throws(ResultFormatError) {
    guard document.kind == .object, let format = document["format"]?.string else {
      throw .noResult
    }
    guard format == ResultDocument.format else { throw .otherFormat(format) }
    guard let manifest = document["manifest"] else { throw .noManifest }
    let part = Part(value: manifest, path: "manifest")
    let program = try part.part("program")
    let data = try part.part("data")
    let reading = try part.part("reading")
    self.init(
      program: .init(name: try program.string("name"), version: try program.string("version")),
      data: .init(
        path: try data.string("path"), bytes: data.value["bytes"]?.integer,
        sha256: try data.optionalString("sha256")),
      reading: .init(
        columns: try reading.settings("columns"), timeUnit: try reading.optionalString("time_unit"),
        delimiter: try reading.optionalString("delimiter")),
      timeRange: try part.optionalString("time_range"), settings: try part.settings("settings"))
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
      "its format is '\(format.prefix(40))', and this version reads '\(ResultDocument.format)'"
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

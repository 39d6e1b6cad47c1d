import Configuration
import Reporting
import Strategy

/// What the commands of `runner config` say as JSON; `Documentation/json-formats.md`.
enum ConfigDocument {
  /// Every setting with where it comes from: `ratchet-config 1`.
  static func settings(_ settings: Settings, by program: Program) -> [UInt8] {
    var json = JSONWriter()
    json.beginDocument("ratchet-config 1", by: program.identity)
    json.key("settings")
    json.beginArray(.lines)
    for setting in settings.all {
      json.beginObject()
      json.member("key", setting.key)
      json.member("value", setting.text)
      json.member("default", setting.parameter.defaultText)
      json.member("origin", setting.origin.description)
      write(setting.origin, to: &json)
      json.endObject()
    }
    json.endArray()
    json.endObject()
    return json.bytes
  }

  /// Whether settings are right, and what is wrong with them: `ratchet-config-check 1`.
  static func check(
    _ outcome: Result<Settings, ConfigurationError>, by program: Program
  ) -> [UInt8] {
    var json = JSONWriter()
    json.beginDocument("ratchet-config-check 1", by: program.identity)
    json.key("valid")
    switch outcome {
    case .success(let settings):
      json.value(true)
      json.key("settings")
      json.beginObject(.lines)
      for setting in settings.all { json.member(setting.key, setting.text) }
      json.endObject()
      write([], to: &json)
    case .failure(let error):
      json.value(false)
      json.key("settings")
      json.null()
      write(error.problems, to: &json)
    }
    json.endObject()
    return json.bytes
  }

  private static func write(_ problems: [ConfigurationProblem], to json: inout JSONWriter) {
    json.key("problems")
    json.beginArray(.lines)
    for problem in problems {
      json.beginObject()
      write(problem.origin, to: &json)
      json.member("key", problem.key)
      json.member("message", problem.reason.description)
      json.endObject()
    }
    json.endArray()
  }

  private static func write(_ origin: Origin, to json: inout JSONWriter) {
    var (file, option): (String?, String?)
    var place: (line: Int, column: Int)?
    switch origin {
    case .standard: break
    case .file(let name, let line, let column): (file, place) = (name, (line, column))
    case .argument(let flag): option = flag
    }
    json.member("file", file)
    for (name, number) in [("line", place?.line), ("column", place?.column)] {
      json.key(name)
      if let number { json.value(number) } else { json.null() }
    }
    json.member("option", option)
  }
}

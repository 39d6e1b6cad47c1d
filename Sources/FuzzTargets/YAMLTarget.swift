import Configuration
import Strategy

/// A configuration file gives settings that survive being written, or problems of one line each.
enum YAMLTarget {
  private static let strategies = [
    StrategyKeys(ConfluenceStrategy.self), StrategyKeys(MovingAverageCrossStrategy.self),
  ]

  static func finding(in bytes: [UInt8]) -> String? {
    do throws(ConfigurationError) {
      let settings = try load(bytes)
      let again = try load(Array(settings.yaml.utf8))
      // A password is not written.
      let told = settings.all.map { $0.parameter.kind == .secret ? "off" : $0.text }
      let isSame = again.all.map(\.text) == told
      return isSame ? nil : "written and read again, the settings are others:\n\(settings.yaml)"
    } catch {
      if error.problems.isEmpty { return "an error without a problem" }
      return error.problems.lazy.map(\.description).compactMap(defect(of:)).first
    }
  }

  private static func load(_ bytes: [UInt8]) throws(ConfigurationError) -> Settings {
    try Settings(
      files: [ConfigurationFile(name: "fuzz.yaml", bytes: bytes)], strategies: strategies)
  }

  private static func defect(of message: String) -> String? {
    if message.contains(where: { $0.isNewline || $0 == "\u{1B}" }) {
      return "a message that is not one plain line: \(message)"
    }
    if message.utf8.count >= 1000 { return "a message of \(message.utf8.count) bytes" }
    return message.hasPrefix("fuzz.yaml:") ? nil : "a message without a place: \(message)"
  }
}

import Synchronization

/// Keeps secrets out of every sink, by the names of fields and by values known to be secret.
///
/// It works on events before anybody formats them, so that no format and no sink can forget it. A
/// value is found inside longer text too, but not where somebody has encoded it anew.
public final class Redactor: Sendable {
  /// What stands in a secret's place.
  public static let mask = "[redacted]"

  /// Words that make a field secret, wherever in its name; `-`, `_` and case do not matter.
  private static let words = [
    "secret", "password", "passphrase", "apikey", "privatekey", "authorization", "jwt", "token",
  ]

  /// The secrets as UTF-8, the longest first: one may be part of another.
  private let secrets = Mutex<[[UInt8]]>([])

  /// A redactor that knows the names, and no value yet.
  public init() {}

  /// Sees to it that a value appears nowhere.
  ///
  /// Of a text of several lines, such as a PEM key, each long line is a secret of its own. Values of
  /// less than 4 bytes are left alone: they would black out words.
  public func register(_ secret: String) {
    let lines = secret.split(whereSeparator: \.isNewline)
    var values = [Array(secret.utf8)]
    if lines.count > 1 { values += lines.map { Array($0.utf8) }.filter { $0.count >= 16 } }
    let new = values.filter { $0.count >= 4 }
    secrets.withLock { known in
      known += new.filter { !known.contains($0) }
      known.sort { $0.count > $1.count }
    }
  }

  /// The event without secrets.
  public func redact(_ event: LogEvent) -> LogEvent {
    var event = event
    let secrets = secrets.withLock { $0 }
    event.message = Self.masked(event.message, secrets)
    for index in event.fields.indices {
      event.fields[index].key = Self.masked(event.fields[index].key, secrets)
      if Self.isSecret(event.fields[index].key) {
        event.fields[index].value = .text(Self.mask)
      } else if case .text(let text) = event.fields[index].value {
        event.fields[index].value = .text(Self.masked(text, secrets))
      }
    }
    return event
  }

  private static func isSecret(_ key: String) -> Bool {
    let plain = key.lowercased().filter { $0 != "_" && $0 != "-" && $0 != " " }
    return words.contains { plain.contains($0) }
  }

  private static func masked(_ text: String, _ secrets: [[UInt8]]) -> String {
    var bytes = Array(text.utf8)
    var isChanged = false
    for secret in secrets {
      var start = 0
      while start + secret.count <= bytes.count {
        if bytes[start] == secret[0], bytes[start..<(start + secret.count)].elementsEqual(secret) {
          bytes.replaceSubrange(start..<(start + secret.count), with: mask.utf8)
          start += mask.utf8.count
          isChanged = true
        } else {
          start += 1
        }
      }
    }
    return isChanged ? String(decoding: bytes, as: UTF8.self) : text
  }
}

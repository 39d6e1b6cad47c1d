import Glibc

/// How an event is written.
public enum LogFormat: Hashable, Sendable {
  /// `runner: message`, as a command speaks to whoever called it; fields are left out.
  case plain(program: String)
  /// `03:14:22 warn  message  key=value`, times in UTC; in colour where a terminal shows it.
  case text(isColoured: Bool)
  /// One JSON object a line: `time`, `level`, `message`, then the fields.
  case json

  /// The line or lines of an event, as UTF-8, ended by a line feed.
  ///
  /// Control codes never get through: what somebody else wrote into a message or a field cannot
  /// forge a line, nor command a terminal.
  public func bytes(of event: LogEvent) -> [UInt8] {
    switch self {
    case .plain(let program):
      let lines = event.message.split(separator: "\n", omittingEmptySubsequences: false)
      return Array(lines.map { "\(program): \(Self.escaped($0))\n" }.joined().utf8)
    case .text(let isColoured): return Array(Self.text(event, isColoured).utf8)
    case .json: return Array(Self.json(event).utf8)
    }
  }

  // MARK: - For people

  private static func text(_ event: LogEvent, _ isColoured: Bool) -> String {
    let (colour, dim, end) =
      isColoured ? ("\u{1B}[\(event.level.colour)m", "\u{1B}[2m", "\u{1B}[0m") : ("", "", "")
    let name = event.level.name + String(repeating: " ", count: 5 - event.level.name.count)
    var line = "\(clock(event.time)) \(colour)\(name)\(end) \(escaped(event.message))"
    for (index, field) in event.fields.enumerated() {
      line += index == 0 ? "  " : " "
      line += "\(dim)\(escaped(field.key))=\(end)\(word(field.value))"
    }
    return line + "\n"
  }

  /// A value without spaces, or in quotes.
  private static func word(_ value: LogValue) -> String {
    guard case .text(let text) = value else { return literal(value) }
    let isPlain = !text.isEmpty && text.utf8.allSatisfy { $0 > 0x20 && $0 != 0x22 && $0 != 0x3D }
    return isPlain ? escaped(text) : quoted(text)
  }

  /// `03:14:22`, UTC.
  private static func clock(_ time: Int64) -> String {
    let day: Int64 = 86_400
    let seconds = time >= 0 ? time / 1_000_000_000 : (time - 999_999_999) / 1_000_000_000
    let second = (seconds % day + day) % day
    return "\(two(second / 3600)):\(two(second / 60 % 60)):\(two(second % 60))"
  }

  private static func two(_ number: some BinaryInteger) -> String {
    number < 10 ? "0\(number)" : "\(number)"
  }

  // MARK: - For programs

  private static func json(_ event: LogEvent) -> String {
    var line = "{\"time\": \"\(moment(event.time))\", \"level\": \"\(event.level.name)\""
    line += ", \"message\": \(quoted(event.message))"
    for field in event.fields { line += ", \(quoted(field.key)): \(literal(field.value))" }
    return line + "}\n"
  }

  private static func literal(_ value: LogValue) -> String {
    switch value {
    case .text(let text): quoted(text)
    case .integer(let number): "\(number)"
    case .number(let number): number.isFinite ? "\(number)" : "null"
    case .flag(let flag): "\(flag)"
    }
  }

  /// ISO 8601 in UTC, to the millisecond.
  private static func moment(_ time: Int64) -> String {
    var seconds = time_t(time / 1_000_000_000)
    var milliseconds = time % 1_000_000_000 / 1_000_000
    if time % 1_000_000_000 < 0 {
      seconds -= 1
      milliseconds += 999
    }
    var date = tm()
    gmtime_r(&seconds, &date)
    let fraction = (milliseconds < 100 ? "0" : "") + two(milliseconds)
    return "\(date.tm_year + 1900)-\(two(date.tm_mon + 1))-\(two(date.tm_mday))T"
      + "\(two(date.tm_hour)):\(two(date.tm_min)):\(two(date.tm_sec)).\(fraction)Z"
  }

  /// A JSON string, RFC 8259, in which control codes beyond ASCII are escaped too.
  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      default: result += isControl(scalar) ? code(scalar) : String(scalar)
      }
    }
    return result + "\""
  }

  private static func escaped(_ text: some StringProtocol) -> String {
    guard text.unicodeScalars.contains(where: isControl) else { return String(text) }
    return text.unicodeScalars.map { isControl($0) ? code($0) : String($0) }.joined()
  }

  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case ..<0x20, 0x7F...0x9F, 0x2028, 0x2029: true
    default: false
    }
  }

  private static func code(_ scalar: Unicode.Scalar) -> String {
    let digits = String(scalar.value, radix: 16)
    return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
  }
}

extension LogLevel {
  /// The terminal's code: red for errors, yellow for warnings, faint for what few want to read.
  fileprivate var colour: Int {
    switch self {
    case .trace, .debug: 2
    case .info: 32
    case .warn: 33
    case .error: 31
    }
  }
}

/// How much an event matters, least first.
public enum LogLevel: Int, CaseIterable, Comparable, Sendable {
  /// Every step, for finding a fault.
  case trace
  /// What helps to understand a run.
  case debug
  /// What happened, as planned.
  case info
  /// What somebody should look at.
  case warn
  /// What went wrong.
  case error

  /// The level of a name such as `warn`; `nil` where there is none.
  public init?(name: String) {
    guard let level = Self.allCases.first(where: { $0.name == name }) else { return nil }
    self = level
  }

  /// Its name, as settings and log lines have it.
  public var name: String {
    switch self {
    case .trace: "trace"
    case .debug: "debug"
    case .info: "info"
    case .warn: "warn"
    case .error: "error"
    }
  }

  /// Less important is less.
  public static func < (left: LogLevel, right: LogLevel) -> Bool { left.rawValue < right.rawValue }
}

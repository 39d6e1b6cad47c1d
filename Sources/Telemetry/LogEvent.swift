/// One thing that happened: when, how important, a sentence, and figures by name.
public struct LogEvent: Hashable, Sendable {
  /// A named figure of an event.
  public struct Field: Hashable, Sendable {
    /// Its name, in small letters with underscores.
    public var key: String
    /// Its value.
    public var value: LogValue

    /// A field of this name.
    public init(_ key: String, _ value: LogValue) {
      self.key = key
      self.value = value
    }
  }

  /// Nanoseconds since 1970-01-01 00:00 UTC.
  public var time: Int64
  /// How important it is.
  public var level: LogLevel
  /// What happened, for people.
  public var message: String
  /// The figures, in the order of the caller.
  public var fields: [Field]

  /// An event of these parts.
  public init(time: Int64, level: LogLevel, message: String, fields: [Field] = []) {
    self.time = time
    self.level = level
    self.message = message
    self.fields = fields
  }
}

/// The value of a field.
public enum LogValue: Hashable, Sendable, ExpressibleByStringInterpolation,
  ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral, ExpressibleByBooleanLiteral
{
  /// A text.
  case text(String)
  /// A whole number.
  case integer(Int64)
  /// A double; written as `null` where it is not finite.
  case number(Double)
  /// Yes or no.
  case flag(Bool)

  /// A whole number; the nearest there is where it does not fit.
  public init(_ number: some BinaryInteger) { self = .integer(Int64(clamping: number)) }
  /// A double.
  public init(_ number: Double) { self = .number(number) }
  /// A text.
  public init(_ text: String) { self = .text(text) }
  /// Yes or no.
  public init(_ flag: Bool) { self = .flag(flag) }
  /// A text, written out.
  public init(stringLiteral text: String) { self = .text(text) }
  /// A whole number, written out.
  public init(integerLiteral number: Int64) { self = .integer(number) }
  /// A double, written out.
  public init(floatLiteral number: Double) { self = .number(number) }
  /// `true` or `false`, written out.
  public init(booleanLiteral flag: Bool) { self = .flag(flag) }
}

/// A span is kept as its count of nanoseconds.
extension TimeSpan {
  /// Reads a count of nanoseconds.
  ///
  /// - Throws: What the decoder throws where there is no such number.
  public init(from decoder: any Decoder) throws {
    self.init(nanoseconds: try decoder.singleValueContainer().decode(Int64.self))
  }

  /// Writes the count of nanoseconds.
  ///
  /// - Throws: What the encoder throws.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(nanoseconds)
  }
}

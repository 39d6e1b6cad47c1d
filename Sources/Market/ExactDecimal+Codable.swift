/// A decimal is kept as its count of steps: an integer, so exact.
extension ExactDecimal {
  /// Reads a count of steps.
  ///
  /// - Throws: What the decoder throws where there is no such number.
  public init(from decoder: any Decoder) throws {
    self.init(steps: try decoder.singleValueContainer().decode(Steps.self))
  }

  /// Writes the count of steps.
  ///
  /// - Throws: What the encoder throws.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(steps)
  }
}

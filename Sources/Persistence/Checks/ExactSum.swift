import Market

/// A sum of whatever rows hold: where it is more than its type holds it says so and does not trap.
struct ExactSum<Value: ExactDecimal> {
  /// The sum; nothing to go by once `isTooLarge`.
  private(set) var value: Value
  /// Whether it, or one of its parts, could not be counted.
  private(set) var isTooLarge = false

  init(_ value: Value = .zero) { self.value = value }

  /// Adds a part; `nil` is one that could not be counted.
  mutating func add(_ part: Value?) {
    guard let part else {
      isTooLarge = true
      return
    }
    let (sum, overflow) = value.steps.addingReportingOverflow(part.steps)
    if overflow { isTooLarge = true } else { value.steps = sum }
  }

  /// Takes a part away.
  mutating func subtract(_ part: Value?) {
    guard let part, part.steps != .min else {
      isTooLarge = true
      return
    }
    add(-part)
  }

  /// Whether it is this.
  func equals(_ other: Value) -> Bool { !isTooLarge && value == other }

  /// What a person is shown.
  var text: String { isTooLarge ? "more than can be counted" : value.description }
}

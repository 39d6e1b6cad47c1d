/// What a parser does with decimals finer than the type's step.
public enum ExcessDecimals: Sendable {
  /// An error: precision is never lost silently.
  case refuse
  /// Cut towards zero; the caller is told and counts it.
  case roundDown
}

extension ExactDecimal {
  /// Reads an exact decimal: sign, digits, point, digits, and an optional exponent.
  ///
  /// - Parameter text: Such as `0.05`, `-12`, `1e-7`. No spaces, no grouping, no `nan`.
  /// - Throws: `DecimalError` with the text and the limit.
  public init(_ text: some StringProtocol) throws(DecimalError) {
    var text = String(text)
    let result: Result<(value: Self, isExact: Bool), DecimalError> = text.withUTF8 { bytes in
      Result { () throws(DecimalError) in try Self.parse(bytes.span, excess: .refuse) }
    }
    self = try result.get().value
  }

  /// Reads an exact decimal from ASCII bytes, in one pass and without allocating.
  ///
  /// The work is bounded by the length of the text, whatever its exponent.
  /// - Returns: The value, and whether it is exactly that of the text.
  public static func parse(
    _ bytes: Span<UInt8>, excess: ExcessDecimals
  ) throws(DecimalError) -> (value: Self, isExact: Bool) {
    guard let parts = DecimalParts(bytes) else { throw error(bytes, .notANumber) }
    guard let first = parts.firstSignificant, let last = parts.lastSignificant else {
      return (.zero, true)
    }
    // Digits of the text that survive as steps, counted from the first significant one.
    let significant = parts.digitsBetween(first, last) + 1
    let (kept, overflow) = parts.exponentOfLast.addingReportingOverflow(Self.decimals)
    let keep = overflow ? (parts.exponentOfLast < 0 ? -1 : Int.max) : significant + kept
    if keep < significant, excess == .refuse {
      throw error(bytes, .tooPrecise(decimals: Self.decimals))
    }
    guard keep <= 40 else { throw error(bytes, .tooLarge(limit: greatest.description)) }

    var steps: Steps = 0
    var index = first
    var digit = 0
    while digit < keep {
      var value: Steps = 0
      if index <= last {
        if bytes[index] == UInt8(ascii: ".") { index += 1 }
        value = Steps(truncatingIfNeeded: bytes[index] &- UInt8(ascii: "0"))
        index += 1
      }
      let (tenfold, overflowed) = steps.multipliedReportingOverflow(by: 10)
      let (sum, carried) = tenfold.addingReportingOverflow(value)
      guard !overflowed, !carried else {
        throw error(bytes, .tooLarge(limit: greatest.description))
      }
      steps = sum
      digit += 1
    }
    return (Self(steps: parts.isNegative ? 0 - steps : steps), keep >= significant)
  }

  private static func error(_ bytes: Span<UInt8>, _ problem: DecimalError.Problem) -> DecimalError {
    var copy: [UInt8] = []
    for index in 0..<min(bytes.count, 64) { copy.append(bytes[index]) }
    return DecimalError(bytes: copy, noun: noun, problem: problem)
  }
}

/// Where the digits of a decimal text stand, found in one pass.
private struct DecimalParts {
  var isNegative = false
  /// Index of the first and last digit that is not 0; `nil` for a text of zeros.
  var firstSignificant: Int?
  var lastSignificant: Int?
  /// The power of ten of the last significant digit.
  var exponentOfLast = 0
  private var point: Int?

  init?(_ bytes: Span<UInt8>) {
    var index = 0
    if index < bytes.count {
      isNegative = bytes[index] == UInt8(ascii: "-")
      if isNegative || bytes[index] == UInt8(ascii: "+") { index += 1 }
    }
    var digits = 0
    scan: while index < bytes.count {
      switch bytes[index] {
      case UInt8(ascii: "0"): digits += 1
      case UInt8(ascii: "1")...UInt8(ascii: "9"):
        digits += 1
        if firstSignificant == nil { firstSignificant = index }
        lastSignificant = index
      case UInt8(ascii: ".") where point == nil: point = index
      default: break scan
      }
      index += 1
    }
    guard digits > 0 else { return nil }
    let end = index
    guard let exponent = Self.exponent(bytes, from: index) else { return nil }
    if let last = lastSignificant {
      let point = point ?? end
      exponentOfLast = exponent + (last < point ? point - 1 - last : point - last)
    }
  }

  func digitsBetween(_ first: Int, _ last: Int) -> Int {
    guard let point, point > first, point < last else { return last - first }
    return last - first - 1
  }

  /// The exponent that begins at `start`, 0 where the text ends there, `nil` where it is malformed.
  ///
  /// It saturates far beyond any value that fits, so that `1e999999999999` cannot overflow.
  private static func exponent(_ bytes: Span<UInt8>, from start: Int) -> Int? {
    guard start < bytes.count else { return 0 }
    guard bytes[start] | 0x20 == UInt8(ascii: "e") else { return nil }
    var index = start + 1
    guard index < bytes.count else { return nil }
    let isNegative = bytes[index] == UInt8(ascii: "-")
    if isNegative || bytes[index] == UInt8(ascii: "+") { index += 1 }
    guard index < bytes.count else { return nil }
    var value = 0
    while index < bytes.count {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[index]) else { return nil }
      value = min(value * 10 + Int(bytes[index] &- UInt8(ascii: "0")), 1 << 40)
      index += 1
    }
    return isNegative ? -value : value
  }
}

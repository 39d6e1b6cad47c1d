package import Market

/// Numbers as people read them: grouped by thousands, at fixed decimals, `–` for what does not exist.
///
/// For looking at only. Rounding is half-even: exact decimals exactly, doubles after scaling them to
/// the last shown digit. What rounds to 0 has no sign.
package enum Display {
  /// Stands for a figure that does not exist.
  package static let none = "–"

  /// An exact decimal at so many decimals.
  package static func fixed<Decimal: ExactDecimal>(_ value: Decimal, decimals: Int = 2) -> String {
    let magnitude = UInt128(value.steps.magnitude)
    let shown = min(decimals, Decimal.decimals)
    let drop = powerOfTen(Decimal.decimals - shown)
    var (quotient, rest) = magnitude.quotientAndRemainder(dividingBy: drop)
    if rest > drop / 2 || (rest == drop - rest && !quotient.isMultiple(of: 2)) { quotient += 1 }
    quotient *= powerOfTen(decimals - shown)
    return text(quotient, decimals: decimals, isNegative: value.steps < 0)
  }

  /// A double at so many decimals; without grouping where it is beyond 1e18 units of the last digit.
  package static func fixed(_ value: Double?, decimals: Int = 2) -> String {
    guard let value, value.isFinite else { return none }
    let scaled = value.magnitude * Double(powerOfTen(decimals))
    guard scaled < 1e18 else { return value.description }
    let steps = UInt128(UInt64(scaled.rounded(.toNearestOrEven)))
    return text(steps, decimals: decimals, isNegative: value < 0)
  }

  /// A fraction as a percentage at two decimals.
  package static func percent(_ fraction: Double?) -> String {
    fraction.map { fixed($0 * 100) + "%" } ?? none
  }

  /// A fraction in hundredths at two decimals, for a column whose heading has the percent sign.
  package static func hundredths(_ fraction: Double?) -> String { fixed(fraction.map { $0 * 100 }) }

  /// A whole number, grouped.
  package static func count(_ number: Int) -> String {
    text(UInt128(number.magnitude), decimals: 0, isNegative: number < 0)
  }

  /// `2025-10-06 00:05`, UTC; a second that has begun is dropped.
  package static func minute(_ time: Timestamp) -> String {
    let text = String(time.description.prefix(16))
    return text.replacing("T", with: " ")
  }

  /// The two largest units of a length of time: `2d 4h`, `18h 25m`, `3m 20s`.
  package static func duration(seconds: Double?) -> String {
    guard let seconds, seconds.isFinite, seconds.magnitude < 1e15 else { return none }
    let whole = Int64(seconds.rounded(.toNearestOrEven))
    let (days, hours, minutes) = (whole / 86_400, whole / 3600 % 24, whole / 60 % 60)
    if days > 0 { return "\(days)d \(hours)h" }
    if hours > 0 { return "\(hours)h \(minutes)m" }
    if minutes > 0 { return "\(minutes)m \(whole % 60)s" }
    return "\(whole)s"
  }

  /// A length of time to the millisecond below a minute: `1.250 s`; else `3m 20s` and the like.
  package static func exactDuration(seconds: Double) -> String {
    seconds.magnitude < 60 ? fixed(seconds, decimals: 3) + " s" : duration(seconds: seconds)
  }

  /// `5-minute`, for a candle's length.
  static func interval(_ span: TimeSpan) -> String {
    let seconds = span.seconds
    for (unit, name) in [(86_400, "day"), (3600, "hour"), (60, "minute")] as [(Int64, String)]
    where seconds > 0 && seconds % unit == 0 {
      return "\(seconds / unit)-\(name)"
    }
    return "\(seconds)-second"
  }

  /// `1 gap`, `2 gaps`.
  package static func plural(_ count: Int, _ noun: String) -> String {
    "\(Display.count(count)) \(noun)\(count == 1 ? "" : "s")"
  }

  private static func text(_ steps: UInt128, decimals: Int, isNegative: Bool) -> String {
    let (whole, fraction) = steps.quotientAndRemainder(dividingBy: powerOfTen(decimals))
    var text = isNegative && steps != 0 ? "-" : ""
    text += grouped(String(whole))
    guard decimals > 0 else { return text }
    let digits = String(fraction)
    return text + "." + String(repeating: "0", count: decimals - digits.utf8.count) + digits
  }

  private static func grouped(_ digits: String) -> String {
    var text = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.utf8.count - index).isMultiple(of: 3) { text += "," }
      text.append(digit)
    }
    return text
  }

  private static func powerOfTen(_ exponent: Int) -> UInt128 {
    var power: UInt128 = 1
    for _ in 0..<exponent { power *= 10 }
    return power
  }
}

extension String {
  /// Filled with spaces on the right.
  func padded(to width: Int) -> String { self + spaces(to: width) }

  /// Filled with spaces on the left.
  func aligned(to width: Int) -> String { spaces(to: width) + self }

  private func spaces(to width: Int) -> String {
    String(repeating: " ", count: Swift.max(0, width - count))
  }

  /// The text in lines of at most `width` characters, broken at spaces.
  func wrapped(to width: Int) -> [String] {
    var lines: [String] = []
    for word in split(separator: " ") {
      if let last = lines.last, last.count + 1 + word.count <= width {
        lines[lines.count - 1] = last + " " + word
      } else {
        lines.append(String(word))
      }
    }
    return lines
  }
}

extension Product {
  /// What is bought: `BTC` of `BTC-USD`, or "base units" where the name does not say.
  var baseName: String { currencies?.base ?? "base units" }

  /// What it is paid with: `USD` of `BTC-USD`, or "quote units" where the name does not say.
  var quoteName: String { currencies?.quote ?? "quote units" }

  private var currencies: (base: String, quote: String)? {
    let parts = id.split(separator: "-")
    return parts.count == 2 ? (String(parts[0]), String(parts[1])) : nil
  }

  /// The decimals that show every price of the product, at least two.
  var priceDecimals: Int { quoteIncrement.decimalsOfTick }
}

extension Price {
  /// The decimals that show every price of a product with this tick, at least two.
  package var decimalsOfTick: Int {
    var decimals = Price.decimals
    var steps = self.steps
    while decimals > 2, steps.isMultiple(of: 10) {
      steps /= 10
      decimals -= 1
    }
    return decimals
  }
}

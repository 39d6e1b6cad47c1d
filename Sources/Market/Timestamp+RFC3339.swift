extension Timestamp {
  /// Reads a date and a time as the exchange writes them: RFC 3339 with up to nine decimals.
  ///
  /// `2023-02-13T12:03:04.123456789Z`, with `+00:00` or `+00` in place of `Z`, and with a space for the
  /// `T`. Digits behind the ninth decimal are cut. `nil` for anything else, and beyond 1678 to 2261.
  package init?(rfc3339 text: String) {
    var digits = DateDigits(text.utf8)
    guard let year = digits.number(4), digits.take("-"), let month = digits.number(2),
      digits.take("-"), let day = digits.number(2), digits.take("T") || digits.take(" "),
      let hour = digits.number(2), digits.take(":"), let minute = digits.number(2),
      digits.take(":"), let second = digits.number(2), hour < 24, minute < 60, second <= 60,
      (1678...2261).contains(year),
      let date = CivilDate(year: year, month: month, dayOfMonth: day),
      let fraction = digits.fraction(), let offset = digits.offset(), digits.isAtEnd
    else { return nil }
    let seconds = date.day * 86_400 + hour * 3600 + minute * 60 + second - offset
    self.init(nanoseconds: seconds * 1_000_000_000 + fraction)
  }
}

/// Takes digits and signs from the front of a text.
private struct DateDigits {
  private var rest: Substring.UTF8View

  init(_ text: String.UTF8View) { rest = text[...] }

  var isAtEnd: Bool { rest.isEmpty }

  mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard let first = rest.first, UInt32(first) == character.value else { return false }
    rest.removeFirst()
    return true
  }

  mutating func number(_ count: Int) -> Int64? {
    var number: Int64 = 0
    for _ in 0..<count {
      guard let digit = digit() else { return nil }
      number = number * 10 + digit
    }
    return number
  }

  /// Nanoseconds behind a point; 0 where there is none.
  mutating func fraction() -> Int64? {
    guard take(".") else { return 0 }
    guard var number = digit() else { return nil }
    var count = 1
    while let digit = digit() {
      if count < 9 {
        number = number * 10 + digit
        count += 1
      }
    }
    for _ in count..<9 { number *= 10 }
    return number
  }

  /// Seconds by which the clock is ahead of UTC.
  mutating func offset() -> Int64? {
    if take("Z") || take("z") { return 0 }
    let isBehind = take("-")
    guard isBehind || take("+"), let hours = number(2) else { return nil }
    _ = take(":")
    let minutes = isAtEnd ? 0 : number(2)
    guard let minutes, hours < 24, minutes < 60 else { return nil }
    return (hours * 3600 + minutes * 60) * (isBehind ? -1 : 1)
  }

  private mutating func digit() -> Int64? {
    guard let first = rest.first, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) else {
      return nil
    }
    rest.removeFirst()
    return Int64(first - UInt8(ascii: "0"))
  }
}

import Market
import Simulator

/// A decimal that is read is written and read again unchanged, and all who read decimals agree.
enum DecimalTarget {
  static func finding(in bytes: [UInt8]) -> String? {
    defect(Price.self, bytes) ?? defect(Quantity.self, bytes) ?? defect(Money.self, bytes)
      ?? defect(Rate.self, bytes) ?? plainDefect(bytes) ?? textDefect(bytes)
  }

  private static func defect<Value: ExactDecimal>(_ type: Value.Type, _ bytes: [UInt8]) -> String? {
    let exact = parse(type, bytes, .refuse)
    let rounded = parse(type, bytes, .roundDown)
    guard let rounded else {
      return exact == nil ? nil : "\(type) is refused only where it may be rounded"
    }
    if let exact, exact != rounded { return "\(type) is rounded, though it is exact" }
    if exact == nil, rounded.isExact { return "\(type) is refused, though it is exact" }
    let value = rounded.value
    let text = value.description
    guard let again = parse(type, Array(text.utf8), .refuse), again.value == value else {
      return "\(type) \(text) is not read back"
    }
    // The standard library's decimal to binary conversion rounds once, and so must ours.
    guard let nearest = Double(text), nearest == value.double else {
      return "\(type) \(text) gives the double \(value.double)"
    }
    return nil
  }

  private static func parse<Value: ExactDecimal>(
    _ type: Value.Type, _ bytes: [UInt8], _ excess: ExcessDecimals
  ) -> Parsed<Value>? {
    do throws(DecimalError) {
      let (value, isExact) = try Value.parse(bytes.span, excess: excess)
      return Parsed(value: value, isExact: isExact)
    } catch {
      precondition(!error.description.isEmpty, "an error says what is wrong")
      return nil
    }
  }

  /// `PlainDecimal` gives what `ExactDecimal.parse` gives, or nothing.
  private static func plainDefect(_ bytes: [UInt8]) -> String? {
    guard let steps = PlainDecimal.steps(bytes.span) else { return nil }
    let exact = parse(Price.self, bytes, .refuse)?.value.steps
    return exact == steps ? nil : "PlainDecimal gives \(steps), Price \(exact ?? -1)"
  }

  /// `PlainText` reads a prefix, and that as `ExactDecimal.parse` does.
  private static func textDefect(_ bytes: [UInt8]) -> String? {
    // Exactly as many bytes as promised, so that an address sanitizer sees one read too far.
    let padded = bytes + [UInt8](repeating: 0, count: CSVReader<FileSource>.margin)
    return padded.withUnsafeBytes { padded in
      guard let base = padded.baseAddress else { return nil }
      var text = PlainText(at: base)
      guard let (whole, steps) = text.decimal() else { return nil }
      let plain = Int128(whole) * 100_000_000 + Int128(steps)
      let isCut = text.skipDigits()
      let read = Array(padded[..<(text.position - base)])
      guard let exact = parse(Quantity.self, read, .roundDown) else {
        return "PlainText reads \(plain), Quantity nothing"
      }
      return exact.value.steps == plain && exact.isExact == !isCut
        ? nil : "PlainText reads \(plain), Quantity \(exact.value.steps)"
    }
  }

  private struct Parsed<Value: ExactDecimal>: Equatable {
    var value: Value
    var isExact: Bool
  }
}

public import Market

/// A parameter's value, of the type that was declared.
public enum ParameterValue: Hashable, Sendable {
  /// A whole number.
  case integer(Int)
  /// An exact fraction.
  case rate(Rate)
  /// An exact decimal for use as a double.
  case number(Money)
  /// A price.
  case price(Price)
  /// A quantity.
  case quantity(Quantity)
  /// An amount.
  case money(Money)
  /// Yes or no.
  case flag(Bool)
  /// One of the declared words, or a text.
  case text(String)
  /// A percentage, or `nil` for `off`.
  case limit(Money?)
  /// The most there may be, or `nil` for `off`.
  case count(Int?)
  /// Whether a secret was given; its text is not here.
  case secret(isGiven: Bool)
  /// Amounts of different currencies, in the order in which they are written; none for `off`.
  case amounts([CurrencyAmount])

  /// Reads a value of the declared kind.
  ///
  /// - Throws: `ParameterError` that names the key, the text and what was expected.
  public init(_ text: String, for parameter: Parameter) throws(ParameterError) {
    func refuse(_ detail: String? = nil) -> ParameterError {
      .invalid(
        key: parameter.name, text: text, expected: parameter.kind.description, detail: detail)
    }
    func exact<Value: ExactDecimal>(_ type: Value.Type) throws(ParameterError) -> Value {
      do { return try Value(text) } catch {
        // "Not a number" says no more than what was expected does.
        throw refuse(error.problem == .notANumber ? nil : error.description)
      }
    }
    func exact<Value: ExactDecimal>(_ bounds: Bounds<Value>) throws(ParameterError) -> Value {
      let value = try exact(Value.self)
      guard bounds.contains(value) else { throw refuse() }
      return value
    }
    switch parameter.kind {
    case .integer(let bounds):
      guard let value = Int(text), bounds.contains(value) else { throw refuse() }
      self = .integer(value)
    case .rate(let bounds): self = .rate(try exact(bounds))
    case .number(let bounds): self = .number(try exact(bounds))
    case .quantity(let bounds): self = .quantity(try exact(bounds))
    case .money(let bounds): self = .money(try exact(bounds))
    case .price:
      let price = try exact(Price.self)
      guard price > .zero else { throw refuse() }
      self = .price(price)
    case .flag:
      guard text == "true" || text == "false" else { throw refuse() }
      self = .flag(text == "true")
    case .choice(let words):
      guard words.contains(text) else { throw refuse() }
      self = .text(text)
    case .text:
      guard (1...64).contains(text.count), text.first != " ", text.last != " " else {
        throw refuse()
      }
      self = .text(text)
    case .path:
      guard (1...4095).contains(text.utf8.count), !text.utf8.contains(0) else { throw refuse() }
      self = .text(text)
    case .limit(let bounds): self = .limit(text == "off" ? nil : try exact(bounds))
    case .count(let bounds):
      if text == "off" {
        self = .count(nil)
      } else {
        guard let value = Int(text), bounds.contains(value) else { throw refuse() }
        self = .count(value)
      }
    case .secret: self = .secret(isGiven: text != "off")
    case .amounts:
      let (amounts, defect) = text == "off" ? ([], nil) : CurrencyAmount.list(text)
      if let defect { throw refuse(defect.isEmpty ? nil : defect) }
      self = .amounts(amounts)
    }
  }
}

extension ParameterValue: CustomStringConvertible {
  /// The value as a user would write it, in its shortest exact form.
  public var description: String {
    switch self {
    case .integer(let value): "\(value)"
    case .rate(let value): "\(value)"
    case .number(let value): "\(value)"
    case .price(let value): "\(value)"
    case .quantity(let value): "\(value)"
    case .money(let value): "\(value)"
    case .flag(let value): "\(value)"
    case .text(let value): value
    case .limit(let value): value.map { "\($0)" } ?? "off"
    case .count(let value): value.map { "\($0)" } ?? "off"
    case .secret(let isGiven): isGiven ? "(secret)" : "off"
    case .amounts(let amounts):
      amounts.isEmpty ? "off" : amounts.map(\.description).joined(separator: ", ")
    }
  }
}

public import Market

/// The values of declared parameters, in the order of their declaration.
public struct Parameters: Hashable, Sendable {
  /// What was declared.
  public let declared: [Parameter]
  private var values: [ParameterValue]

  /// Every parameter at its default.
  public init(_ declared: [Parameter]) {
    self.declared = declared
    values = declared.map { parameter in
      do { return try ParameterValue(parameter.defaultText, for: parameter) } catch {
        preconditionFailure("\(error)")  // `Parameter.init` has checked it.
      }
    }
  }

  /// The values of these texts, and the defaults of the others.
  ///
  /// - Throws: `ParameterError` at the first text that is no value of its parameter.
  public init(_ declared: [Parameter], _ texts: [String: String]) throws(ParameterError) {
    self.init(declared)
    for parameter in declared {
      if let text = texts[parameter.name] { try set(parameter.name, to: text) }
    }
    for name in texts.keys.sorted() { _ = index(of: name) }
  }

  /// Sets one value from its text.
  ///
  /// - Throws: `ParameterError` if the text is no value of that parameter. The name must be declared.
  public mutating func set(_ name: String, to text: String) throws(ParameterError) {
    let index = index(of: name)
    values[index] = try ParameterValue(text, for: declared[index])
  }

  /// The value of a declared parameter.
  public subscript(name: String) -> ParameterValue { values[index(of: name)] }

  /// A whole number.
  public func integer(_ name: String) -> Int {
    guard case .integer(let value) = self[name] else { wrongKind(name, "integer") }
    return value
  }

  /// An exact fraction.
  public func rate(_ name: String) -> Rate {
    guard case .rate(let value) = self[name] else { wrongKind(name, "rate") }
    return value
  }

  /// A number as the nearest double.
  public func number(_ name: String) -> Double {
    guard case .number(let value) = self[name] else { wrongKind(name, "number") }
    return value.double
  }

  /// A price.
  public func price(_ name: String) -> Price {
    guard case .price(let value) = self[name] else { wrongKind(name, "price") }
    return value
  }

  /// A quantity.
  public func quantity(_ name: String) -> Quantity {
    guard case .quantity(let value) = self[name] else { wrongKind(name, "quantity") }
    return value
  }

  /// An amount.
  public func money(_ name: String) -> Money {
    guard case .money(let value) = self[name] else { wrongKind(name, "money") }
    return value
  }

  /// Yes or no.
  public func flag(_ name: String) -> Bool {
    guard case .flag(let value) = self[name] else { wrongKind(name, "flag") }
    return value
  }

  /// A word or a text.
  public func text(_ name: String) -> String {
    guard case .text(let value) = self[name] else { wrongKind(name, "text") }
    return value
  }

  /// A percentage, or `nil` for `off`.
  public func limit(_ name: String) -> Money? {
    guard case .limit(let value) = self[name] else { wrongKind(name, "limit") }
    return value
  }

  /// The most there may be, or `nil` for `off`.
  public func count(_ name: String) -> Int? {
    guard case .count(let value) = self[name] else { wrongKind(name, "count") }
    return value
  }

  /// Amounts of different currencies; none for `off`.
  public func amounts(_ name: String) -> [CurrencyAmount] {
    guard case .amounts(let value) = self[name] else { wrongKind(name, "amounts") }
    return value
  }

  private func index(of name: String) -> Int {
    guard let index = declared.firstIndex(where: { $0.name == name }) else {
      fatalError("no parameter '\(name)' is declared")
    }
    return index
  }

  private func wrongKind(_ name: String, _ kind: String) -> Never {
    fatalError("parameter '\(name)' was declared as \(self[name]), not as \(kind)")
  }
}

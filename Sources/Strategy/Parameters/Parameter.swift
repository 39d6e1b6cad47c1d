public import Market

/// One setting as its owner declares it: name, type, range, default, and a line of help.
///
/// Strategies and exits declare theirs, the program declares the rest; validation, `--help`,
/// `--set` and the reports all read the same declarations.
public struct Parameter: Hashable, Sendable {
  /// The type of a parameter's value, and its range.
  public enum Kind: Hashable, Sendable {
    /// A whole number.
    case integer(Bounds<Int>)
    /// An exact fraction or rate, such as 0.02.
    case rate(Bounds<Rate>)
    /// An exact decimal that is compared as a double, such as a threshold of an indicator.
    case number(Bounds<Money>)
    /// A price, above 0.
    case price
    /// A quantity.
    case quantity(Bounds<Quantity>)
    /// An amount of quote currency.
    case money(Bounds<Money>)
    /// `true` or `false`.
    case flag
    /// One of these words.
    case choice([String])
    /// Any text of at most 64 characters, without spaces at its ends.
    case text
    /// The path of a file, or `off`.
    case path
    /// A percentage, or `off`.
    case limit(Bounds<Money>)
    /// A whole number that something must not exceed, or `off`.
    case count(Bounds<Int>)
    /// A text that nobody is to see, or `off`; only whether there is one becomes a value.
    case secret
    /// Amounts of several currencies, or `off`.
    case amounts
  }

  /// The key within its section, such as `rsi_period`.
  public let name: String
  /// Type and range.
  public let kind: Kind
  /// The value where the user says nothing, as the user would write it.
  public let defaultText: String
  /// One line for `--help` and the example file, with the unit.
  public let help: String

  /// Declares a parameter; traps if the default does not fit its own kind.
  public init(_ name: String, _ kind: Kind, default defaultText: String, help: String) {
    self.name = name
    self.kind = kind
    self.defaultText = defaultText
    self.help = help
    do {
      _ = try ParameterValue(defaultText, for: self)
    } catch {
      fatalError("the default of \(name): \(error)")
    }
  }
}

extension Parameter.Kind: CustomStringConvertible {
  /// What is expected, in words.
  public var description: String {
    switch self {
    case .integer(let bounds): "a whole number \(bounds)"
    case .rate(let bounds): "a decimal \(bounds)"
    case .number(let bounds): "a number \(bounds)"
    case .price: "a price above 0 with at most 8 decimals"
    case .quantity(let bounds): "a quantity \(bounds)"
    case .money(let bounds): "an amount \(bounds)"
    case .flag: "true or false"
    case .choice(let words): words.joined(separator: " or ")
    case .text: "a text of 1 to 64 characters"
    case .path: "off, or the path of a file"
    case .limit(let bounds): "off, or a percentage \(bounds)"
    case .count(let bounds): "off, or a whole number \(bounds)"
    case .secret: "off, or a secret text"
    case .amounts: "off, or amounts such as 0.5 BTC, 1000 USDC"
    }
  }
}

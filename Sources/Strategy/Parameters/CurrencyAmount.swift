public import Market

/// An amount of some currency, written `0.5 BTC`.
public struct CurrencyAmount: Hashable, Sendable, CustomStringConvertible {
  /// The currency, in capitals.
  public let currency: String
  /// How much of it.
  public let amount: Money

  /// An amount of a currency.
  public init(_ amount: Money, of currency: String) {
    self.currency = currency
    self.amount = amount
  }

  /// As it is written, in its shortest exact form.
  public var description: String { "\(amount) \(currency)" }

  /// The most of one currency.
  private static let most: Money = 1_000_000_000_000_000

  /// Reads a list such as `0.5 BTC, 1000 USDC`.
  ///
  /// - Returns: The amounts in their order, or in words what is wrong; empty words where it is no list of
  ///   amounts at all.
  static func list(_ text: String) -> (amounts: [CurrencyAmount], defect: String?) {
    var amounts: [CurrencyAmount] = []
    for item in text.split(separator: ",", omittingEmptySubsequences: false) {
      let words = item.split(separator: " ")
      guard words.count == 2 else { return ([], "") }
      let (number, currency) = (String(words[0]), String(words[1]))
      let isName = currency.utf8.allSatisfy { byte in
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
          || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
      }
      guard isName, currency.utf8.count <= 16 else {
        return ([], "a currency is written in capitals")
      }
      guard let amount = try? Money(number), (0...most).contains(amount) else {
        return ([], "before \(currency) an amount from 0 to \(most) belongs")
      }
      guard !amounts.contains(where: { $0.currency == currency }) else {
        return ([], "\(currency) stands there twice")
      }
      amounts.append(CurrencyAmount(amount, of: currency))
    }
    return (amounts, nil)
  }
}

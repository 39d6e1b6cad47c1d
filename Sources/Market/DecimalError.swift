/// Why a text is not an exact decimal of the wanted kind.
public struct DecimalError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong with it.
  public enum Problem: Hashable, Sendable {
    /// It is no plain decimal number.
    case notANumber
    /// It has more decimals than the type keeps.
    case tooPrecise(decimals: Int)
    /// It is greater than the type holds, or smaller than its negative.
    case tooLarge(limit: String)
  }

  /// The text as it was found, cut where it is very long.
  public let text: String
  /// What the text was to be, such as "price".
  public let noun: String
  /// What is wrong with it.
  public let problem: Problem

  init(bytes: some Collection<UInt8>, noun: String, problem: Problem) {
    let shown = String(decoding: bytes.prefix(48), as: UTF8.self)
    text = bytes.count > 48 ? shown + "…" : shown
    self.noun = noun
    self.problem = problem
  }

  /// One line for the user: the text, the rule, the limit.
  public var description: String {
    switch problem {
    case .notANumber:
      "'\(text)' is not a \(noun): write a decimal number such as 1234.5"
    case .tooPrecise(let decimals):
      "\(noun) \(text) has more than \(decimals) decimals, the finest step Ratchet keeps"
    case .tooLarge(let limit):
      "\(noun) \(text) is out of range: the limit is \(limit)"
    }
  }
}

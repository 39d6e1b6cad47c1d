import Market

/// A key of a rule in a file of faults.
package enum FaultKey: String, Hashable, Sendable, CaseIterable {
  case chance
  case most
  case requests
  case channels
  case effect
  case form = "as"
  case delay
  case seen
  case messages
  case isHidden = "hidden"
  case portion
  case beyond
  case at
  case every
  case span = "for"
  case skew = "by"
  case mode
  case currency
  case amount

  /// What may stand behind it, in words, in a rule of a kind.
  func expected(of kind: FaultKind) -> String {
    switch self {
    case .chance: "a share of the occasions from 0 to 1, such as 0.05"
    case .most: "a number from 1: so many times at most"
    case .requests: Self.words(RequestGroup.allCases.map(\.rawValue))
    case .channels: Self.words(FeedTopic.allCases.map(\.rawValue))
    case .effect: Self.words(FaultRule.Effect.allCases.map(\.rawValue), isOne: true)
    case .form: Self.words(kind.forms.map(\.rawValue))
    case .delay:
      "a span of the data's time such as 5s, a range such as 0.5s..3s, or {median: 50ms, p99: 2s}"
    case .span: "a span of the data's time such as 5s, or a range such as 0.5s..3s"
    case .seen, .messages: "a number from 0, or a range such as 1..4"
    case .isHidden: "true or false"
    case .portion:
      "a share from \(kind.portions.lowerBound) to \(kind.portions.upperBound) such as 0.5, or a "
        + "range such as 0.2..0.8"
    case .beyond: "a share of the market's price such as 0.1"
    case .at: "spans since the data's beginning, such as 6h, 30h"
    case .every: "a span from 1s such as 8h: so long it is from one to the next on average"
    case .skew: "a span such as 40s, or a range such as -40s..40s"
    case .mode: Self.words(FaultRule.Mode.allCases.map(\.rawValue))
    case .currency: "a currency such as USD"
    case .amount: "an amount such as -250, or a range such as -250..100; at most 1000000000000"
    }
  }

  private static func words(_ words: [String], isOne: Bool = false) -> String {
    (isOne ? "one of " : "some of ") + words.joined(separator: ", ")
  }
}

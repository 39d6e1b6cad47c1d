import LiveBroker
import Market
import Reporting

/// What is in the portfolio that a key belongs to: money in another one cannot be seen (coinbase.md C.22).
struct Holdings: Hashable, Sendable {
  /// What the exchange calls it; `nil` where it does not say.
  let portfolio: String?
  /// What there is of each currency; not what there is nothing of.
  let balances: [Balance]

  /// So many are listed; the rest is counted.
  private static let mostListed = 8

  /// A portfolio, which may be empty.
  init(portfolio: String, _ balances: [Balance]) {
    self.portfolio = portfolio.isEmpty ? nil : portfolio
    self.balances = balances.filter { $0.total > .zero }
  }

  /// What is in it, in words that stand behind "with" or "has".
  var contents: String {
    guard !balances.isEmpty else { return "nothing in it" }
    let listed = balances.prefix(Self.mostListed).map {
      "\($0.available) \($0.currency)" + ($0.held > .zero ? " and \($0.held) held" : "")
    }
    let rest = balances.count - listed.count
    return listed.joined(separator: ", ")
      + (rest > 0 ? " and \(Display.plural(rest, "other currency"))" : "")
  }
}

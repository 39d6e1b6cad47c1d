import Market
import TestKit
import Testing

@testable import Execution

/// What the portfolio says to an entry; SEMANTICS 8.4.
@Suite struct ApprovalTests {
  /// Four pairs with 10,000 in cash: 0 and 1 are of one group, the others of none.
  static func portfolio(_ limits: PortfolioLimits) -> Portfolio {
    Portfolio(cash: 10_000, limits: limits, groups: ["major", "major", nil, nil])
  }

  /// What comes of buying at 100.
  static func ask(
    _ portfolio: Portfolio, _ quantity: Quantity, for pair: Int = 0, of product: Product = Product()
  ) -> Approval {
    portfolio.approve(quantity, at: 100, for: pair, of: product)
  }

  static func refused(
    _ rule: PortfolioRule, _ value: String, of limit: String, isCut: Bool = false
  ) -> Approval {
    .refused(
      Refusal(rule: rule, value: WideMoney(money(value)), limit: WideMoney(money(limit))),
      isCut: isCut)
  }

  @Test func `without limits everything is approved as it is`() {
    var portfolio = Self.portfolio(.off)
    for pair in 1...3 { portfolio.buy(1_000, of: pair, worth: 100) }
    #expect(Self.ask(portfolio, 5_000) == .approved(5_000, isCut: false))
  }

  // MARK: - (a)

  @Test func `positions and working entries count as positions, the asking pair included`() {
    var portfolio = Self.portfolio(PortfolioLimits(maxPositions: 2))
    #expect(Self.ask(portfolio, 1) == .approved(1, isCut: false))
    portfolio.buy(1, of: 1, worth: 100)
    #expect(Self.ask(portfolio, 1) == .approved(1, isCut: false), "equal to the limit")
    portfolio.reserve(1, at: 50, takerRate: .zero, for: 2)
    #expect(Self.ask(portfolio, 1) == Self.refused(.maxPositions, "3", of: "2"))
    portfolio.release(1, at: 50, takerRate: .zero, for: 2)
    #expect(Self.ask(portfolio, 1) == .approved(1, isCut: false), "an entry that ended is none")
  }

  @Test func `a pair with position and working entry counts once`() {
    var portfolio = Self.portfolio(PortfolioLimits(maxPositions: 2))
    portfolio.buy(1, of: 1, worth: 100)
    portfolio.reserve(1, at: 50, takerRate: .zero, for: 1)
    #expect(Self.ask(portfolio, 1) == .approved(1, isCut: false))
  }

  // MARK: - (b)

  @Test(
    "An entry above the size is cut to it, one equal to it is not",
    arguments: [
      ("5", "1", Approval.approved(5, isCut: false)),
      ("5.00000001", "1", .approved(5, isCut: true)),
      ("9", "1", .approved(5, isCut: true)),
      ("9", "2", .approved(4, isCut: true)),
      ("9", "6", .tooSmall),
    ])
  func size(quantity: String, lot: String, expected: Approval) {
    let portfolio = Self.portfolio(PortfolioLimits(maxPositionSize: 5))
    let product = Product(baseIncrement: TestKit.quantity(lot))
    #expect(Self.ask(portfolio, TestKit.quantity(quantity), of: product) == expected)
  }

  @Test(
    "After a cut the minimums apply, and are met by equality",
    arguments: [
      ("500", "5", true), ("500.01", "5", false), ("1", "5.00000001", false),
    ])
  func minimums(leastNotional: String, leastQuantity: String, isAllowed: Bool) {
    let portfolio = Self.portfolio(PortfolioLimits(maxPositionSize: 5))
    let product = Product(
      baseMinSize: quantity(leastQuantity), quoteMinSize: money(leastNotional))
    let expected = isAllowed ? Approval.approved(5, isCut: true) : .tooSmall
    #expect(Self.ask(portfolio, 9, of: product) == expected)
    // Without a cut they were looked at before.
    #expect(Self.ask(portfolio, 3, of: product) == .approved(3, isCut: false))
  }

  @Test func `the size goes by equity, not by cash`() {
    var portfolio = Self.portfolio(PortfolioLimits(maxPositionSize: 5))
    portfolio.buy(100, of: 3, worth: 100)
    #expect(Self.ask(portfolio, 20) == .approved(10, isCut: true))
  }

  // MARK: - (c)

  @Test func `a group holds positions at their close, unfilled entries at their limit`() {
    var portfolio = Self.portfolio(PortfolioLimits(maxCorrelatedExposure: 10))
    portfolio.buy(5, of: 1, worth: 100)  // Equity 10,500, the limit 1,050.
    portfolio.reserve(4, at: 50, takerRate: rate("0.5"), for: 1)
    #expect(Self.ask(portfolio, quantity("3.5")) == .approved(quantity("3.5"), isCut: false))
    #expect(
      Self.ask(portfolio, quantity("3.50000001"))
        == Self.refused(.maxCorrelatedExposure, "1050.000001", of: "1050"))
    portfolio.revalue(1, at: 102)  // 510 of 10,510.
    #expect(
      Self.ask(portfolio, quantity("3.5"))
        == Self.refused(.maxCorrelatedExposure, "1060", of: "1051"))
  }

  @Test func `other groups do not count, and a pair without one is its own`() {
    var portfolio = Self.portfolio(PortfolioLimits(maxCorrelatedExposure: 10))
    portfolio.buy(10, of: 1, worth: 100)  // Equity 11,000.
    #expect(Self.ask(portfolio, 2) == Self.refused(.maxCorrelatedExposure, "1200", of: "1100"))
    #expect(Self.ask(portfolio, 11, for: 2) == .approved(11, isCut: false))
    portfolio.buy(10, of: 2, worth: 100)  // Equity 12,000.
    #expect(Self.ask(portfolio, 12, for: 3) == .approved(12, isCut: false))
    #expect(
      Self.ask(portfolio, 13, for: 3) == Self.refused(.maxCorrelatedExposure, "1300", of: "1200"))
  }

  // MARK: - The order

  @Test func `rules are looked at in the order of 8_4, the cut before the group`() {
    var limits = PortfolioLimits(
      maxPositions: 1, maxPositionSize: 5, maxCorrelatedExposure: 4,
      emergencyLiquidationLoss: -10, dailyLossLimit: 5, maxConcurrentOrders: 0)
    var portfolio = Self.portfolio(limits)
    portfolio.buy(1, of: 1, worth: 100)  // Equity 10,100.
    #expect(Self.ask(portfolio, 9) == Self.refused(.maxPositions, "2", of: "1"))
    limits.maxPositions = nil
    portfolio = Self.portfolio(limits)
    #expect(
      Self.ask(portfolio, 9)
        == Self.refused(.maxCorrelatedExposure, "500", of: "400", isCut: true))
    let tiny = Product(quoteMinSize: 501)
    #expect(Self.ask(portfolio, 9, of: tiny) == .tooSmall, "before the group")
    limits.maxCorrelatedExposure = nil
    portfolio = Self.portfolio(limits)
    #expect(Self.ask(portfolio, 9) == Self.refused(.maxConcurrentOrders, "1", of: "0", isCut: true))
    #expect(Self.ask(portfolio, 3) == Self.refused(.maxConcurrentOrders, "1", of: "0"))
    portfolio.requestRemoval(of: 0)
    #expect(Self.ask(portfolio, 9) == Self.refused(.removal, "1", of: "0"))
  }

  @Test func `a lost day refuses before positions are counted, a tripped breaker before that`() {
    // 100 units, bought at 100 with all the cash.
    var portfolio = LossLimitTests.portfolio(
      PortfolioLimits(maxPositions: 0, emergencyLiquidationLoss: -10, dailyLossLimit: 5))
    func ask() -> Approval { Self.ask(portfolio, 1, for: 1) }
    _ = LossLimitTests.look(&portfolio, "100")
    #expect(ask() == Self.refused(.maxPositions, "2", of: "0"))
    portfolio.requestRemoval(of: 1)
    #expect(ask() == Self.refused(.removal, "1", of: "0"))
    _ = LossLimitTests.look(&portfolio, "94")
    #expect(ask() == Self.refused(.dailyLossLimit, "9400", of: "9500"))
    _ = LossLimitTests.look(&portfolio, "89")
    #expect(ask() == Self.refused(.breaker, "8900", of: "9000"))
  }

  // MARK: - Words

  @Test(
    "A refusal names the rule and both figures",
    arguments: [
      (PortfolioRule.breaker, "breaker: tripped; equity is 7.5, the level 6"),
      (.dailyLossLimit, "daily_loss_limit_pct: equity is 7.5, today's limit 6"),
      (.removal, "removal: the pair is to go as soon as it is flat"),
      (.maxPositions, "max_positions: it would be 7.5 of at most 6"),
      (.maxPositionSize, "max_position_size_pct: it would cost 7.5 of at most 6"),
      (
        .maxCorrelatedExposure,
        "max_correlated_exposure_pct: its group would hold 7.5 of at most 6"
      ),
      (
        .maxConcurrentOrders,
        "max_concurrent_orders: 7.5 entries would wait for an answer, at most 6 may"
      ),
    ])
  func words(rule: PortfolioRule, expected: String) {
    let refusal = Refusal(rule: rule, value: WideMoney(money("7.5")), limit: WideMoney(6))
    #expect(refusal.description == expected)
    #expect(expected.hasPrefix(rule.rawValue))
  }

  @Test func `every rule has its words above`() { #expect(PortfolioRule.allCases.count == 7) }
}

import Market
import TestKit
import Testing

@testable import Execution

/// Breaker and daily limit as the portfolio sees them; SEMANTICS 8.5 and 8.6.
@Suite struct LossLimitTests {
  /// A portfolio that holds 100 units at 100 and no cash to speak of.
  static func portfolio(_ limits: PortfolioLimits) -> Portfolio {
    var portfolio = Portfolio(cash: 10_000, limits: limits, groups: [nil, nil])
    portfolio.apply(
      Fill(
        order: ClientOrderID(session: 0, pair: 0, number: 1), id: 1, time: .testStart, side: .buy,
        price: 100, quantity: 100, fee: .zero, liquidity: .maker), of: 0)
    portfolio.revalue(0, at: 100)
    return portfolio
  }

  /// Looks at equity after a close at that price.
  static func look(_ portfolio: inout Portfolio, _ close: String, day: Int64 = 0)
    -> Portfolio.Finding
  {
    portfolio.revalue(0, at: price(close))
    return portfolio.look(day: day, time: .testStart)
  }

  @Test(
    "The breaker trips at its level, not above it",
    arguments: [("90.00000001", false), ("90", true), ("89.99999999", true)])
  func level(close: String, trips: Bool) {
    var portfolio = Self.portfolio(PortfolioLimits(emergencyLiquidationLoss: -10))
    let finding = Self.look(&portfolio, close)
    let trip = BreakerTrip(
      time: .testStart, equity: price(close) * 100, level: WideMoney(9_000))
    #expect(finding.trip == (trips ? trip : nil))
    #expect(portfolio.trip == finding.trip)
    #expect(!finding.isDayLost)
  }

  @Test func `it trips once, and stays tripped however equity recovers`() {
    var portfolio = Self.portfolio(PortfolioLimits(emergencyLiquidationLoss: -10))
    #expect(Self.look(&portfolio, "80").trip != nil)
    #expect(Self.look(&portfolio, "70").trip == nil, "a trip is news once")
    #expect(Self.look(&portfolio, "200").trip == nil)
    #expect(portfolio.isTripped)
    let refusal = Refusal(
      rule: .breaker, value: WideMoney(20_000), limit: WideMoney(9_000))
    #expect(
      portfolio.approve(1, at: 1, for: 1, of: Product()) == .refused(refusal, isCut: false))
  }

  @Test func `an operator's reset allows entries, and the next loss trips it again`() {
    var portfolio = Self.portfolio(PortfolioLimits(emergencyLiquidationLoss: -10))
    _ = Self.look(&portfolio, "80")
    portfolio.reset()
    #expect(portfolio.approve(1, at: 1, for: 1, of: Product()) == .approved(1, isCut: false))
    #expect(Self.look(&portfolio, "91").trip == nil)
    #expect(Self.look(&portfolio, "90").trip != nil)
  }

  @Test(
    "A day is lost at its limit, not above it",
    arguments: [("95.00000001", false), ("95", true), ("94", true)])
  func dayLevel(close: String, isLost: Bool) {
    var portfolio = Self.portfolio(PortfolioLimits(dailyLossLimit: 5))
    #expect(!Self.look(&portfolio, "100").isDayLost)
    #expect(Self.look(&portfolio, close).isDayLost == isLost)
    #expect(portfolio.isDayLost == isLost)
    #expect(!portfolio.isTripped)
  }

  @Test func `a day's first equity is that at its first close, and the day ends with the next`() {
    var portfolio = Self.portfolio(PortfolioLimits(dailyLossLimit: 5))
    _ = Self.look(&portfolio, "80", day: 7)  // Lower than any before, but the day's first.
    #expect(!portfolio.isDayLost)
    #expect(!Self.look(&portfolio, "120", day: 7).isDayLost)
    #expect(
      !Self.look(&portfolio, "76.01", day: 7).isDayLost, "measured by the first, not the peak")
    #expect(Self.look(&portfolio, "76", day: 7).isDayLost)
    #expect(!Self.look(&portfolio, "75", day: 7).isDayLost, "news once")
    #expect(!Self.look(&portfolio, "100", day: 7).isDayLost)
    let refusal = Refusal(
      rule: .dailyLossLimit, value: WideMoney(10_000), limit: WideMoney(7_600))
    #expect(
      portfolio.approve(1, at: 1, for: 1, of: Product()) == .refused(refusal, isCut: false),
      "even if equity recovers")
    #expect(!Self.look(&portfolio, "70", day: 8).isDayLost)
    #expect(portfolio.approve(1, at: 1, for: 1, of: Product()) == .approved(1, isCut: false))
    #expect(Self.look(&portfolio, "66.5", day: 8).isDayLost, "5 % of the new day's 7,000")
  }

  @Test func `a close of yesterday that is known late does not begin the day again`() {
    var portfolio = Self.portfolio(PortfolioLimits(dailyLossLimit: 5))
    _ = Self.look(&portfolio, "100", day: 8)
    #expect(Self.look(&portfolio, "95", day: 8).isDayLost)
    #expect(!Self.look(&portfolio, "94", day: 7).isDayLost)
    #expect(portfolio.isDayLost, "it is still the day that is lost")
    #expect(!Self.look(&portfolio, "94", day: 8).isDayLost)
    #expect(portfolio.isDayLost)
  }

  @Test func `both may happen at one close`() {
    var portfolio = Self.portfolio(
      PortfolioLimits(emergencyLiquidationLoss: -10, dailyLossLimit: 5))
    _ = Self.look(&portfolio, "100")
    let finding = Self.look(&portfolio, "90")
    #expect(finding.isDayLost && finding.trip != nil)
  }
}

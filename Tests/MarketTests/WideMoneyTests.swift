import Market
import TestKit
import Testing

/// The width at which limits are compared; `MoneyTests` has what budgets need.
@Suite struct WideMoneyTests {
  @Test(
    "A percentage is of 100, exact, and rounded down where no decimal is left",
    arguments: [
      ("10000", "5", "500"),
      ("9900", "99.5", "9850.5"),
      ("0.000000000000000001", "0.000000000000000001", "0"),
      ("0.000000000000000001", "0.0000000000000001", "0.000000000000000000000000000000000001"),
      ("0.000000000000000199", "0.000000000000000001", "0.000000000000000000000000000000000001"),
      ("160000000000000000000", "100", "160000000000000000000"),
      ("123456789.987654321", "12.5", "15432098.748456790125"),
      ("10000", "0", "0"),
      // Below 0 down is away from 0.
      ("10000", "-50", "-5000"),
      ("0.000000000000000001", "-0.000000000000000001", "-0.000000000000000000000000000000000001"),
      ("-7", "3", "-0.21"),
    ])
  func percent(amount: String, percent: String, expected: String) {
    #expect(WideMoney(money(amount), percent: money(percent)).description == expected)
  }

  @Test(
    "An amount prints as the shortest decimal",
    arguments: [
      "0", "1", "-1", "1000", "0.1", "-0.05", "799.92076882187984", "-12.000000000000000001",
    ]
  )
  func description(text: String) {
    #expect(WideMoney(money(text)).description == text)
  }

  @Test func `all 36 decimals of a product are printed`() {
    let step = WideMoney(money("0.000000000000000001"), times: Rate(steps: 1))
    #expect(step.description == "0." + String(repeating: "0", count: 35) + "1")
    let nearlyOne = WideMoney(1) - step
    #expect(nearlyOne.description == "0." + String(repeating: "9", count: 36))
    #expect((WideMoney(.zero) - nearlyOne).description == "-0." + String(repeating: "9", count: 36))
  }

  @Test func `a sum carries into the upper half and back`() {
    let large = WideMoney(money("340"))  // Above 2^128 steps of 1e-36.
    let step = WideMoney(money("0.000000000000000001"), times: Rate(steps: 1))
    #expect(large + step > large)
    #expect(large + step - step == large)
    #expect(WideMoney(.zero) - step + step == WideMoney(.zero))
  }

  @Test func `a count is so many units`() {
    #expect(WideMoney(count: 3) == WideMoney(3))
    #expect(WideMoney(count: 12).description == "12")
  }
}

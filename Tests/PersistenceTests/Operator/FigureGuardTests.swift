import Market
import Testing

@testable import Persistence

@Suite("The guard of figures")
struct FigureGuardTests {
  private func message(_ body: () throws -> Void) throws -> String {
    try #require(throws: SQLiteError.self) { try body() }.message
  }

  @Test func `what a run can have passes`() throws {
    var figures = FigureGuard(path: "a.db")
    for _ in 0..<1000 {
      try figures.pass(
        Money(integerLiteral: 1_000_000_000_000), Money(integerLiteral: -5), of: "row")
    }
    try figures.pass(Quantity(integerLiteral: 9_000_000_000), of: "row")
    try figures.pass(Timestamp(seconds: 1_700_000_000), nil, of: "row")
    #expect(try figures.worth(3, at: 5, of: "row") == 15)
  }

  @Test func `figures whose sum does not fit are an error that names the row`() throws {
    var figures = FigureGuard(path: "a.db")
    try figures.pass(Money(steps: .max / 2), of: "position A")
    #expect(
      try message { try figures.pass(Money(steps: .min / 2), of: "position B") }
        == "position B: its figures are more than an account can hold")
    #expect(try message { try figures.pass(Money(steps: .min), of: "x") }.hasPrefix("x: "))
  }

  @Test func `a quantity below 0, a time of no age and too great a worth are errors`() throws {
    var figures = FigureGuard(path: "a.db")
    #expect(
      try message { try figures.pass(Quantity(steps: -1), of: "order A") }
        == "order A has the quantity -0.00000001, below 0")
    for time in [Int64.min, .max, 1 << 62] {
      #expect(
        try message { try figures.pass(Timestamp(nanoseconds: time), of: "fill 3") }
          == "fill 3 has a time of \(time) ns, which is not of this age")
    }
    #expect(
      try message { _ = try figures.worth(Quantity(steps: .max / 8), at: .greatest, of: "fill 3") }
        .contains("is worth more than an amount can hold"))
  }
}

import Market
import Strategy
import Testing

@testable import OwnRunner

@Suite struct ReturnExitTests {
  let product = Product()

  private func rule(target: Price) throws -> ReturnExit {
    var rule = try ReturnExit(Parameters(ReturnExit.parameters))
    rule.target = target
    return rule
  }

  @Test func `the stop waits for the target`() throws {
    let rule = try rule(target: 100)
    let trigger = rule.trigger(highest: 90, of: product)
    #expect(trigger == (try Price("87.3")))
    #expect(rule.ratchetLevel(trigger: trigger, of: product) == 100)
  }

  @Test func `from the target on it follows, a step of 1 percent at a time`() throws {
    let rule = try rule(target: 100)
    let trigger = rule.trigger(highest: 100, of: product)
    #expect(trigger == (try Price("99.5")))
    #expect(rule.ratchetLevel(trigger: trigger, of: product) == (try Price("100.50")))
  }

  @Test func `each level raises the trigger`() throws {
    let rule = try rule(target: 100)
    var trigger = rule.trigger(highest: 95, of: product)
    for _ in 0..<100 {
      let level = try #require(rule.ratchetLevel(trigger: trigger, of: product))
      let raised = rule.trigger(highest: level, of: product)
      #expect(raised > trigger)
      trigger = raised
    }
  }

  @Test func `following from further away than half the loss is refused`() throws {
    let parameters = try Parameters(ReturnExit.parameters, ["follow": "0.02"])
    #expect(throws: ParameterError.self) { try ReturnExit(parameters) }
  }
}

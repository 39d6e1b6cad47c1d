import Configuration
import Market
import Strategy
import Testing

@Suite("Section sandbox")
struct LocalExchangeSettingsTests {
  @Test func `without a word there is cash alone, and limits where nobody waits`() throws {
    let sandbox = try load().sandbox
    #expect(sandbox.balances == [])
    #expect(!sandbox.enforcesExitMinimums)
    #expect(sandbox.rateLimits == .auto)
  }

  @Test func `balances are a list, in a file and on the command line`() throws {
    let written = try load("sandbox:\n  balances: 0.5 BTC,  1000 USDC\n  rate_limits: off\n")
    let amounts = [CurrencyAmount(try Money("0.5"), of: "BTC"), CurrencyAmount(1000, of: "USDC")]
    #expect(written.sandbox.balances == amounts)
    #expect(written.sandbox.rateLimits == .off)
    #expect(written["sandbox.balances"]?.text == "0.5 BTC, 1000 USDC")
    #expect(try load(written.yaml).sandbox == written.sandbox)
    let set = try load(sets: [
      "sandbox.balances=0.5 BTC, 1000 USDC", "sandbox.enforce_exit_minimums=true",
    ])
    #expect(set.sandbox.balances == amounts)
    #expect(set.sandbox.enforcesExitMinimums)
    #expect(try load("sandbox: {balances: off}\n").sandbox.balances == [])
  }

  @Test func `what the exchange is like makes no other run`() throws {
    #expect(try load("sandbox: {balances: 1 BTC}\n").ofRun == load().ofRun)
  }

  @Test(
    "What is no list of amounts is refused, with the reason",
    arguments: [
      ("0.5", ""), ("BTC 0.5", " (a currency is written in capitals)"),
      ("0.5 btc", " (a currency is written in capitals)"),
      ("-1 BTC", " (before BTC an amount from 0 to 1000000000000000 belongs)"),
      ("x BTC", " (before BTC an amount from 0 to 1000000000000000 belongs)"),
      ("1 BTC, 2 BTC", " (BTC stands there twice)"), ("1 BTC,", ""), ("", ""),
    ])
  func refusals(_ text: String, detail: String) {
    #expect(
      complaint("sandbox:\n  balances: \"\(text)\"\n")
        == "a.yaml:2:13: sandbox.balances is '\(text)', expected off, or amounts such as 0.5 BTC, "
        + "1000 USDC\(detail)")
  }
}

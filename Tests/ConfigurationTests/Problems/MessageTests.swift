import Configuration
import Testing

@Suite("What the user is told")
struct MessageTests {
  static let sections =
    "known: product, strategy, exit, simulation, portfolio, logging, "
    + "persistence, exchange, live, sandbox"
  static let indented = "write 'key: value' lines below it, indented, or delete it"

  static let names: [(String, String)] = [
    (
      "strategy:\n  rsi_peirod: 3",
      "2:3: strategy has no key 'rsi_peirod'; did you mean 'rsi_period'?"
    ),
    ("strategy:\n  trail: 3", "2:3: strategy has no key 'trail'; did you mean 'exit.trail'?"),
    (
      "strategy:\n  lookback: 3",
      "2:3: strategy has no key 'lookback'; it belongs to strategy 'breakout', but strategy.name is "
        + "'confluence'"
    ),
    (
      "strategy:\n  name: breakout\nexit:\n  trail: 0.1",
      "4:3: exit has no key 'trail'; it belongs to strategy 'confluence', but strategy.name is "
        + "'breakout'"
    ),
    (
      "exit:\n  something: 3",
      "2:3: exit has no key 'something'; known: trail, min_ratchet, stop_limit_offset, "
        + "escalate_after, escalate_offset"
    ),
    (
      "stratgy:\n  window: 3\n  cooldown: 2",
      "1:1: there is no section 'stratgy'; did you mean 'strategy'?"
    ),
    ("trail: 0.1", "1:1: there is no section 'trail'; did you mean 'exit.trail'?"),
    ("broker: x", "1:1: there is no section 'broker'; \(sections)"),
    ("\"\\e[31m\": x", "1:1: there is no section '\\u{1b}[31m'; \(sections)"),
    (
      "strategy:\n  name: conflunce\n  lookback: 2\nexit:\n  patience: 3",
      "2:9: strategy.name is 'conflunce', expected confluence or breakout (did you mean "
        + "'confluence'?)"
    ),
  ]

  static let pairs: [(String, String)] = [
    (
      "pairs: 3",
      "1:1: pairs holds a single value instead of a list; write '- product_id: BTC-USD' lines below "
        + "it, indented, or delete it"
    ),
    (
      "pairs:",
      "1:1: pairs holds nothing instead of a list; write '- product_id: BTC-USD' lines below it, "
        + "indented, or delete it"
    ),
    (
      "pairs: [BTC-USD]",
      "1:9: this item of pairs is a single value; write '- product_id: BTC-USD', and the pair's keys "
        + "below it"
    ),
    (
      "pairs:\n  - trail: 0.1",
      "2:5: this item of pairs has no product_id; write which pair it is"
    ),
    (
      "pairs:\n  - product_id:",
      "2:16: this item of pairs has no product_id; write which pair it is"
    ),
    (
      "pairs: [{product_id: A}, {product_id: B}, {product_id: A}]",
      "1:56: pair 'A' is already there, see a.yaml:1; delete one of the two"
    ),
    (
      "pairs: [{product_id: A, trial: 0.1}]",
      "1:25: a pair has no key 'trial'; did you mean 'trail'?"
    ),
    (
      "pairs: [{product_id: A, corelation_group: x}]",
      "1:25: a pair has no key 'corelation_group'; did you mean 'correlation_group'?"
    ),
    (
      "pairs: [{product_id: A, something: 0.1}]",
      "1:25: a pair has no key 'something'; known: product_id, correlation_group, product, strategy, "
        + "exit, simulation, portfolio"
    ),
    (
      "pairs: [{product_id: A, lookback: 3}]",
      "1:25: a pair has no key 'lookback'; it belongs to strategy 'breakout', but strategy.name is "
        + "'confluence'"
    ),
    (
      "pairs: [{product_id: A, cash: 3}]",
      "1:25: simulation.cash is the same for all pairs; set it in its section, for no pair"
    ),
    (
      "pairs: [{product_id: A, strategy: {name: breakout}}]",
      "1:36: strategy.name is the same for all pairs; set it in its section, for no pair"
    ),
    (
      "pairs: [{product_id: A, exit: 0.1}]",
      "1:25: section exit holds a single value instead of keys; \(indented)"
    ),
    (
      "pairs: [{product_id: A, exti: {trail: 0.1}}]",
      "1:25: there is no section 'exti'; did you mean 'exit'?"
    ),
    (
      "pairs: [{product_id: A, trail: 2}]",
      "1:32: A:exit.trail is '2', expected a decimal above 0 and below 1"
    ),
    (
      "pairs: [{product_id: A, exit: {trail: }}]",
      "1:32: A:exit.trail has no value; write one, or leave the key out to keep its default 0.02"
    ),
    (
      "pairs: [{product_id: A, macd_slow: 3}]",
      "1:36: A:strategy.macd_fast: 12 must be less than macd_slow, which is 3"
    ),
    (
      "pairs: [{product_id: ' x'}]",
      "1:22: product.id is ' x', expected a text of 1 to 64 characters"
    ),
  ]

  static let values: [(String, String)] = [
    (
      "strategy:\n  window: x",
      "2:11: strategy.window is 'x', expected a whole number from 1 to 1000000"
    ),
    (
      "strategy:\n  window: 1000001",
      "2:11: strategy.window is '1000001', expected a whole number from 1 to 1000000"
    ),
    (
      "strategy:\n  rsi_oversold: 101",
      "2:17: strategy.rsi_oversold is '101', expected a number from 0 to 100"
    ),
    ("exit:\n  trail: 1", "2:10: exit.trail is '1', expected a decimal above 0 and below 1"),
    ("exit:\n  trail: 2%", "2:10: exit.trail is '2%', expected a decimal above 0 and below 1"),
    (
      "exit:\n  trail: 0.1234567890123456789",
      "2:10: exit.trail is '0.1234567890123456789', expected a decimal above 0 and below 1 (number "
        + "0.1234567890123456789 has more than 18 decimals, the finest step Ratchet keeps)"
    ),
    (
      "product:\n  quote_increment: 1e-9",
      "2:20: product.quote_increment is '1e-9', expected a price above 0 with at most 8 decimals "
        + "(price 1e-9 has more than 8 decimals, the finest step Ratchet keeps)"
    ),
    (
      "product:\n  base_increment: 0",
      "2:19: product.base_increment is '0', expected a quantity above 0 and at most 1000000000000"
    ),
    (
      "simulation:\n  cash: 1000000000000.01",
      "2:9: simulation.cash is '1000000000000.01', expected an amount above 0 and at most "
        + "1000000000000"
    ),
    (
      "simulation:\n  fill_on_touch: yes",
      "2:18: simulation.fill_on_touch is 'yes', expected true or false (no other word stands for "
        + "them)"
    ),
    (
      "simulation:\n  fill_on_touch: 1",
      "2:18: simulation.fill_on_touch is '1', expected true or false"
    ),
    (
      "simulation:\n  path: hihg-first",
      "2:9: simulation.path is 'hihg-first', expected nearest or high-first or low-first (did you "
        + "mean 'high-first'?)"
    ),
    (
      "simulation:\n  interval: 100",
      "2:13: simulation.interval: 100 seconds must be divisible by 3, as 60, 300, 900 "
        + "and 3600 are"
    ),
    (
      "simulation:\n  interval: 98",
      "2:13: simulation.interval: 98 seconds must be divisible by 3, as 60, 300, 900 "
        + "and 3600 are"
    ),
    (
      "simulation:\n  interval: 604803",
      "2:13: simulation.interval is '604803', expected a whole number from 3 to 604800"
    ),
    (
      "simulation:\n  interval: 60\nlive:\n  candle_grace: 60",
      "4:17: live.candle_grace: 60 seconds must be less than simulation.interval, which is 60: a "
        + "session would wait for its beginning for ever. A second or two are enough"
    ),
    (
      "live:\n  candle_grace: 5\nsimulation:\n  interval: 3",
      "2:17: live.candle_grace: 5 seconds must be less than simulation.interval, which is 3: a "
        + "session would wait for its beginning for ever. A second or two are enough"
    ),
    (
      "portfolio:\n  max_positions: 2.5",
      "2:18: portfolio.max_positions is '2.5', expected off, or a whole number from 1 to 10000"
    ),
    (
      "portfolio:\n  emergency_liquidation_loss_pct: 10",
      "2:35: portfolio.emergency_liquidation_loss_pct is '10', expected off, or a percentage from "
        + "-100 to below 0"
    ),
    (
      "portfolio:\n  daily_loss_limit_pct: 0",
      "2:25: portfolio.daily_loss_limit_pct is '0', expected off, or a percentage above 0 and at "
        + "most 100"
    ),
    (
      "portfolio:\n  total_capital: 5000",
      "2:18: portfolio.total_capital is '5000', expected off (the only value now: in a simulated run "
        + "the capital is simulation.cash, set that; live it is all that the key's portfolio has "
        + "available, so keep the rest in another portfolio)"
    ),
    (
      "portfolio:\n  position_size: 0",
      "2:18: portfolio.position_size is '0', expected a decimal above 0 and at most 1"
    ),
    (
      "product:\n  id: \(String(repeating: "x", count: 65))",
      "2:7: product.id is '\(String(repeating: "x", count: 48))…', expected a text of 1 to 64 "
        + "characters"
    ),
    (
      "strategy:\n  macd_fast: 30",
      "2:14: strategy.macd_fast: 30 must be less than macd_slow, which is 26"
    ),
    (
      "strategy:\n  macd_slow: 3",
      "2:14: strategy.macd_fast: 12 must be less than macd_slow, which is 3"
    ),
  ]

  static let forms: [(String, String)] = [
    (
      "exit:\n  trail:",
      "2:3: exit.trail has no value; write one, or leave the key out to keep its default 0.02"
    ),
    (
      "exit:\n  trail: ~",
      "2:3: exit.trail has no value; write one, or leave the key out to keep its default 0.02"
    ),
    (
      "exit:\n  trail: null",
      "2:3: exit.trail has no value; write one, or leave the key out to keep its default 0.02"
    ),
    ("exit:\n  trail: ''", "2:10: exit.trail is '', expected a decimal above 0 and below 1"),
    (
      "exit:\n  trail: 'null'", "2:10: exit.trail is 'null', expected a decimal above 0 and below 1"
    ),
    ("exit:\n  trail: [1]", "2:10: exit.trail is a list; write one value on the key's line"),
    ("exit:\n  trail: {a: 1}", "2:10: exit.trail is a mapping; write one value on the key's line"),
    (
      "exit:\n  trail: |\n    0.1",
      "2:10: exit.trail is a block of text; write one value on the key's line"
    ),
    ("exit:", "1:1: section exit holds nothing instead of keys; \(indented)"),
    ("exit: {}", "1:1: section exit holds nothing instead of keys; \(indented)"),
    ("exit: 0.1", "1:1: section exit holds a single value instead of keys; \(indented)"),
    ("exit: [trail]", "1:1: section exit holds a list instead of keys; \(indented)"),
    (
      "- exit",
      "1:1: the file holds a list instead of sections; write 'section:', and its keys below, indented"
    ),
    (
      "exit",
      "1:1: the file holds a single value instead of sections; write 'section:', and its keys below, "
        + "indented"
    ),
    (
      "null",
      "1:1: the file holds nothing instead of sections; write 'section:', and its keys below, "
        + "indented"
    ),
  ]

  @Test("of a file: place, what is wrong, what to do", arguments: names + pairs + values + forms)
  func complains(text: String, message: String) {
    #expect(complaint(text) == "a.yaml:" + message)
  }

  static let sets: [(String, String)] = [
    ("exit.trail", "'exit.trail' is not section.key=value; write exit.trail=0.03, for example"),
    ("trail=3", "'trail=3' is not section.key=value; did you mean 'exit.trail=3'?"),
    ("=3", "'=3' is not section.key=value; write exit.trail=0.03, for example"),
    ("", "'' is not section.key=value; write exit.trail=0.03, for example"),
    (
      "exit.trail=",
      "exit.trail has no value; write one, or leave the key out to keep its default 0.02"
    ),
    ("exit.trail=3", "exit.trail is '3', expected a decimal above 0 and below 1"),
    ("exit.trial=3", "exit has no key 'trial'; did you mean 'trail'?"),
    ("exti.trail=3", "there is no section 'exti'; did you mean 'exit'?"),
    (
      "BTC-USD:exit.trail=0.03",
      "there is no pair 'BTC-USD'; name its candles, --csv PAIR=FILE, or list it under pairs: in a "
        + "file"
    ),
    (
      "pairs.trail=0.03",
      "pairs is a list; write BTC-USD:exit.trail=0.03 for a value of one pair, for example"
    ),
    (
      ":exit.trail=0.03",
      "':exit.trail=0.03' is not section.key=value; write BTC-USD:exit.trail=0.03, for example"
    ),
  ]

  @Test("of --set", arguments: sets)
  func complainsOfSet(text: String, message: String) {
    #expect(complaint(sets: [text]) == "--set: " + message)
  }

  @Test("A flag is named as the user wrote it")
  func complainsOfFlag() {
    #expect {
      try load([], flags: [FlagSetting("--cash", sets: "simulation.cash", to: "-1")])
    } throws: { error in
      "\(error)"
        == "--cash: simulation.cash is '-1', expected an amount above 0 and at most 1000000000000"
    }
  }

  @Test("All problems come at once, in the order of the sources")
  func allAtOnce() {
    let text = "exit:\n  trail: 3\n  trial: 1\npairs: 1\nstrategy:\n  window:\n"
    let lines = complaint(text, sets: ["x", "exit.trail=4"]).split(separator: "\n")
    #expect(
      lines == [
        "a.yaml:2:10: exit.trail is '3', expected a decimal above 0 and below 1",
        "a.yaml:3:3: exit has no key 'trial'; did you mean 'trail'?",
        "a.yaml:4:1: pairs holds a single value instead of a list; write '- product_id: BTC-USD' "
          + "lines below it, indented, or delete it",
        "a.yaml:6:3: strategy.window has no value; "
          + "write one, or leave the key out to keep its default 12",
        "--set: 'x' is not section.key=value; write exit.trail=0.03, for example",
        "--set: exit.trail is '4', expected a decimal above 0 and below 1",
      ])
  }

  @Test("Of very many problems the first twenty are shown")
  func manyProblems() {
    let text = "exit:\n" + (0..<100).map { "  key\($0): 1\n" }.joined()
    let lines = complaint(text).split(separator: "\n")
    #expect(lines.count == 21)
    #expect(lines.last == "and 80 more")
  }

  @Test("A file that is no YAML hides the complaints that its absence would cause")
  func unreadableFirst() throws {
    let broken = ConfigurationFile(name: "b.yaml", bytes: Array("a: *b".utf8))
    let other = ConfigurationFile(name: "c.yaml", bytes: Array("strategy:\n  lookback: 3".utf8))
    #expect {
      try load([broken, other])
    } throws: { error in
      "\(error)" == "b.yaml:1:4: aliases such as '*b' are not read; write the value out"
    }
  }
}

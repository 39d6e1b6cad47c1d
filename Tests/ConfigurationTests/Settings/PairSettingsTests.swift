import Configuration
import Market
import Strategy
import Testing

@Suite("Settings of pairs")
struct PairSettingsTests {
  private static let two = """
    exit: {trail: 0.05}
    pairs:
      - product_id: ETH-USD
        correlation_group: majors
        trail: 0.03
        position_size: 0.1
        product: {base_increment: 0.001}
        simulation:
          taker_rate: 0.004
      - product_id: BTC-USD
        strategy: {rsi_oversold: 45}
    """

  @Test("Nothing said means no pairs")
  func none() throws {
    #expect(try load().pairs.isEmpty)
    #expect(try load("pairs: []").pairs.isEmpty)
  }

  @Test("A pair has its own values, the common ones, and the defaults, in this order")
  func values() throws {
    let pairs = try load(Self.two).pairs
    #expect(pairs.map(\.name) == ["ETH-USD", "BTC-USD"])
    let (eth, btc) = (pairs[0], pairs[1])
    #expect(eth.product == Product(id: "ETH-USD", baseIncrement: try Quantity("0.001")))
    #expect(eth.group == "majors")
    #expect(eth.exit.rate("trail") == (try Rate("0.03")))
    #expect(eth.positionSize == (try Rate("0.1")))
    #expect(eth.simulation.takerRate == (try Rate("0.004")))
    #expect(eth.simulation.makerRate == (try Rate("0.005")))
    #expect(eth.strategy.number("rsi_oversold") == 30)
    #expect(btc.product == Product(id: "BTC-USD"))
    #expect(btc.group == nil)
    #expect(btc.exit.rate("trail") == (try Rate("0.05")))
    #expect(btc.positionSize == (try Rate("0.05")))
    #expect(btc.strategy.number("rsi_oversold") == 45)
  }

  @Test("It tells what is in force, what is its own, and where that comes from")
  func origins() throws {
    let settings = try load(Self.two)
    let eth = settings.pairs[0]
    #expect(
      eth.own.map { "\($0.key)=\($0.text) \($0.origin)" } == [
        "product.base_increment=0.001 a.yaml:7", "exit.trail=0.03 a.yaml:5",
        "simulation.taker_rate=0.004 a.yaml:9", "portfolio.position_size=0.1 a.yaml:6",
        "correlation_group=majors a.yaml:4",
      ])
    #expect(eth["product.id"]?.text == "ETH-USD")
    #expect(eth["product.id"]?.origin.description == "a.yaml:3")
    #expect(settings.pairs[1]["exit.trail"]?.origin.description == "a.yaml:1")
    #expect(eth.ofRun.map(\.key) == (try load()).ofRun.map(\.key))
    #expect(settings.ofRun.map(\.key) == eth.ofRun.map(\.key).filter { $0 != "product.id" })
  }

  static let sets: [(set: String, key: String, value: String)] = [
    ("BTC-USD:exit.trail=0.07", "exit.trail", "0.07"),
    ("BTC-USD:trail=0.07", "exit.trail", "0.07"),
    ("BTC-USD:correlation_group=a:b=c", "correlation_group", "a:b=c"),
    ("BTC-USD:portfolio.position_size=1", "portfolio.position_size", "1"),
    ("BTC-USD:position_size=1", "portfolio.position_size", "1"),
    ("BTC-USD:simulation.path=low-first", "simulation.path", "low-first"),
    ("BTC-USD:product.quote_increment=0.1", "product.quote_increment", "0.1"),
  ]

  @Test("--set gives one pair a value, in full or by the key alone", arguments: sets)
  func gives(_ row: (set: String, key: String, value: String)) throws {
    let pairs = try load(sets: [row.set], pairs: ["ETH-USD", "BTC-USD"]).pairs
    #expect(pairs.map(\.name) == ["ETH-USD", "BTC-USD"])
    #expect(pairs[1][row.key]?.text == row.value)
    #expect(pairs[1][row.key]?.origin == .argument("--set"))
    #expect(pairs[0][row.key]?.origin == .standard)
  }

  @Test("What is a pair's own wins over what is common, whatever the layer")
  func layers() throws {
    let text = "pairs: [{product_id: A, trail: 0.03}, {product_id: B}]"
    let common = try load(text, sets: ["exit.trail=0.1"])
    #expect(common.pairs.map { $0["exit.trail"]?.text } == ["0.03", "0.1"])
    let own = try load(text, sets: ["A:exit.trail=0.04", "exit.trail=0.1"])
    #expect(own.pairs.map { $0["exit.trail"]?.text } == ["0.04", "0.1"])
    let later = ConfigurationFile(
      name: "b.yaml",
      bytes: Array("pairs: [{product_id: C}, {product_id: A, trail: 0.2}]".utf8))
    let files = try load([ConfigurationFile(name: "a.yaml", bytes: Array(text.utf8)), later])
    #expect(files.pairs.map(\.name) == ["A", "B", "C"])
    #expect(files.pairs.map { $0["exit.trail"]?.text } == ["0.2", "0.02", "0.02"])
  }

  @Test("Strategies of all pairs are the chosen one, with its keys")
  func strategy() throws {
    let settings = try load(
      "pairs: [{product_id: A, lookback: 7, exit: {patience: 1}}]",
      sets: ["strategy.name=breakout"])
    #expect(settings.pairs[0].strategy.integer("lookback") == 7)
    #expect(settings.pairs[0].exit.integer("patience") == 1)
  }

  @Test("Of a list the order counts, and candles must be there for all of it")
  func candles() throws {
    let text = "pairs: [{product_id: ETH-USD}, {product_id: BTC-USD}]"
    #expect(
      try load(text, pairs: ["BTC-USD", "ETH-USD"]).pairs.map(\.name) == ["ETH-USD", "BTC-USD"])
    #expect(
      complaint(text, pairs: ["BTC-USD", "ETC-USD"]).split(separator: "\n") == [
        "--csv: there is no pair 'ETC-USD'; did you mean 'ETH-USD'?",
        "a.yaml:1:22: pair 'ETH-USD' has no candles; add --csv ETH-USD=FILE, or delete the pair",
      ])
    let error = #expect(throws: ConfigurationError.self) {
      try Settings(
        files: [ConfigurationFile(name: "a.yaml", bytes: Array(text.utf8))],
        pairs: ["BTC-USD", "ETC-USD"], namedBy: "--sandbox", strategies: [.confluence])
    }
    #expect(
      error?.problems.map(\.description) == [
        "--sandbox: there is no pair 'ETC-USD'; did you mean 'ETH-USD'?",
        "a.yaml:1:22: pair 'ETH-USD' has no candles; add --sandbox ETH-USD=FILE, or delete the pair",
      ])
    #expect(
      complaint(text, sets: ["XRP:trail=0.1"])
        == "--set: there is no pair 'XRP'; known: ETH-USD, BTC-USD")
  }

  @Test("A contradiction of common values is told once, not for each pair")
  func once() {
    #expect(
      complaint("strategy: {macd_slow: 3}\npairs: [{product_id: A}, {product_id: B}]")
        == "a.yaml:1:23: strategy.macd_fast: 12 must be less than macd_slow, which is 3")
  }

  @Test("Two hundred pairs are as good as two")
  func many() throws {
    let names = (0..<200).map { "P\($0)-USD" }
    let settings = try load(sets: names.map { "\($0):trail=0.1" }, pairs: names)
    #expect(settings.pairs.map(\.name) == names)
    #expect(settings.pairs.allSatisfy { $0["exit.trail"]?.text == "0.1" })
  }

  @Test("Shown as YAML and read again they are the same")
  func yaml() throws {
    let settings = try load(Self.two, sets: ["BTC-USD:correlation_group=a #b"])
    #expect(
      settings.yaml.hasSuffix(
        """

        pairs:
          - product_id: ETH-USD  # a.yaml:3
            correlation_group: majors  # a.yaml:4
            product:
              base_increment: 0.001  # a.yaml:7
            exit:
              trail: 0.03  # a.yaml:5
            simulation:
              taker_rate: 0.004  # a.yaml:9
            portfolio:
              position_size: 0.1  # a.yaml:6
          - product_id: BTC-USD  # a.yaml:10
            correlation_group: "a #b"  # --set
            strategy:
              rsi_oversold: 45  # a.yaml:11

        """))
    let again = try load(settings.yaml)
    #expect(again.pairs.map { $0.all.map(\.text) } == settings.pairs.map { $0.all.map(\.text) })
    #expect(again.pairs.map { $0.own.map(\.key) } == settings.pairs.map { $0.own.map(\.key) })
  }

  @Test("A later file adds to what an earlier one gives to a pair")
  func laterFile() throws {
    let texts = [
      "pairs: [{product_id: BTC-USD, trail: 0.07, position_size: 0.1}]",
      "pairs: [{product_id: BTC-USD, position_size: 0.2}, {product_id: ETH-USD}]",
    ]
    let files = texts.enumerated().map {
      ConfigurationFile(name: "\($0).yaml", bytes: Array($1.utf8))
    }
    let pairs = try load(files).pairs
    #expect(pairs.map(\.name) == ["BTC-USD", "ETH-USD"])
    #expect(pairs[0]["exit.trail"]?.text == "0.07")
    #expect(pairs[0]["portfolio.position_size"]?.text == "0.2")
  }
}

import Execution
import Market
import Reporting
import Testing

@Suite("Console")
struct ConsoleTests {
  @Test("The summary of the sample run, in 80 columns")
  func summary() throws {
    try expectGolden(ConsoleSummary(SampleRun.make()).description, "sample-run-summary.txt")
  }

  @Test("The summary of a run of nothing")
  func nothing() throws {
    let result = RunBuilder().result(candles: [])
    try expectGolden(ConsoleSummary(result).description, "no-candles-summary.txt")
  }

  @Test("The trades of a run")
  func trades() throws {
    let result = try GoldenRun(named: "synthetic_coarse_default").result
    let text = TradesTable(result).description
    try expectGolden(text, "synthetic-coarse-trades.txt")
    #expect(TradesTable(RunBuilder().result(candles: [])).description == "No closed trades.\n")
  }

  @Test("The summary of a run that ends with a position and its stop")
  func working() throws {
    let result = try GoldenRun(named: "partial_entry").result
    try expectGolden(ConsoleSummary(result).description, "partial-entry-summary.txt")
  }

  @Test("The summary of a long run, by week and by day")
  func long() throws {
    let result = try GoldenRun(named: "synthetic_coarse_default").result
    let text = ConsoleSummary(result, breakdowns: [.week, .day]).description
    try expectGolden(text, "synthetic-coarse-summary.txt")
    let plain = ConsoleSummary(result).description
    #expect(!plain.contains("By week"))
    #expect(text.contains(plain.prefix { $0 != "W" }), "periods stand between figures and warnings")
  }

  @Test func `whatever the figures, no line is wider than 80 columns`() throws {
    let results = try [
      SampleRun.make(), GoldenRun(named: "synthetic_coarse_default").result,
      GoldenRun(named: "partial_entry").result, RunBuilder().result(candles: []), Self.enormous,
    ]
    for result in results {
      let texts = [
        ConsoleSummary(result, breakdowns: CalendarPeriod.allCases).description,
        TradesTable(result).description,
      ]
      for line in texts.joined().split(separator: "\n") {
        #expect(line.count <= 80, "\(line)")
      }
    }
  }

  @Test func `what has no room for its notes puts them below`() {
    let text = ConsoleSummary(Self.enormous).description
    #expect(
      text.contains(
        """
          End                1,999,999,999,999,998,500.00
            KLMNOPQRST, open position at the last close

        """))
  }

  /// A trade and an open position of prices and amounts near the greatest that can be counted.
  private static let enormous: RunResult = {
    let price: Price = 90_000_000_000
    let size: Quantity = 10_000_000
    var run = RunBuilder(cash: 2_000_000_000_000_000_000)
    for index in 0..<3 {
      let time = Timestamp(seconds: Int64(index) * 300)
      let order = run.submit(index == 1 ? .stop : .entry, limit: price, quantity: size, at: time)
      run.fill(order, price: price, quantity: size, fee: 500, candle: index, at: time)
    }
    run.close(
      ClosedTrade(
        entryTime: Timestamp(seconds: 0), exitTime: Timestamp(seconds: 300), entryOrder: 1,
        quantity: size, entryNotional: price * size, exitNotional: price * size, fees: 1000,
        exitReason: .liquidation, highest: price, ratchets: 0, escalations: 0))
    run.submit(.stop, limit: price, trigger: price, quantity: size, at: Timestamp(seconds: 900))
    let product = Product(
      id: "ABCDEFGHIJ-KLMNOPQRST", quoteIncrement: Price(steps: 1), baseIncrement: 1)
    return run.result(
      candles: (0..<4).map { Candle(start: $0 * 300, flat: price) }, product: product,
      trail: Rate(steps: 1),
      open: .init(
        entryTime: Timestamp(seconds: 600), quantity: size, highest: price, trigger: price),
      working: [4], source: String(repeating: "folder/", count: 20) + "candles.csv")
  }()
}

import Execution
import Market
import Persistence
import Strategy
import TestKit
import Testing

@Suite("Reports that come late")
struct LateReportTests {
  @Test("A fill that the cancel overtook reaches the row of its order, after a restart too")
  func lateFill() throws {
    let folder = try TemporaryFolder()
    let location = Store.Location(path: folder.file("run.db"), synchronous: .off)
    let pair = PairRow(
      product: "BTC-USD", group: nil, quoteIncrement: Product().quoteIncrement,
      baseIncrement: Product().baseIncrement, interval: EngineSettings.test.interval,
      positionSize: EngineSettings.test.positionSize)
    let run = RunRow(
      kind: .paper, session: 0, strategy: "scripted", manifest: "{}", keeping: .all, cash: 10_000)
    var engine = ExecutionEngine(
      strategy: try ScriptedStrategy(signals: [0], timeToLive: 1), settings: .test)
    var portfolio = Portfolio(cash: 10_000)
    let store = try Store.openOrCreate(at: location, run: run, pairs: [pair])
    var writer = try StoreWriter(store, rhythm: .eachChange, replaying: false)
    func handle(_ event: Event) throws {
      var outbox = Outbox()
      engine.handle(event, portfolio: &portfolio, into: &outbox)
      try writer.record(event, outbox, of: 0)
    }
    let id = ClientOrderID(session: 0, pair: 0, number: 1)
    func report(_ news: OrderReport.News, at seconds: Int64) throws {
      let time = Timestamp.testStart + TimeSpan(seconds: seconds)
      try handle(.report(OrderReport(order: id, time: time, news: news)))
    }
    try handle(.candleClosed(Candle(0, open: "100", high: "101", low: "99", close: "100")))
    try report(.accepted, at: 301)
    try handle(.clock(.testStart + TimeSpan(seconds: 600)))
    try report(.cancelled, at: 601)
    let order = try #require(try store.reader.orders(of: 0).first)
    #expect(order.state == .expired && order.done == .testStart + TimeSpan(seconds: 601))

    // A writer that has never seen the order: it has to find its row.
    writer = try StoreWriter(store, rhythm: .eachChange, replaying: false)
    let late = Fill(
      order: id, id: 7, time: .testStart + TimeSpan(seconds: 599), side: .buy, price: price("100"),
      quantity: order.order.quantity, fee: .zero, liquidity: .maker)
    try report(.filled(late), at: 602)
    let filled = try #require(try store.reader.orders(of: 0).first)
    #expect(filled.filled == order.order.quantity && filled.state == .filled)
    #expect(filled.position == 1)
    let position = try #require(try store.reader.positions(of: 0).first)
    #expect(position.held == order.order.quantity && position.closed == nil)
    #expect(try store.reader.account().cash == portfolio.account.cash)

    // The same again changes nothing but the list of what did not fit.
    try report(.filled(late), at: 603)
    #expect(try store.reader.orders(of: 0).first == filled)
    #expect(try store.reader.account().cash == portfolio.account.cash)
    let anomalies = try Store.rows(of: location.path, tables: ["anomalies"])
    #expect(anomalies.count == 1 && anomalies[0].contains("was counted before"))
  }
}

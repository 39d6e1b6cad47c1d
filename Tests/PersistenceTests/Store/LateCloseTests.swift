import Execution
import Market
import Strategy
import TestKit
import Testing

@testable import Persistence

@Suite("Closes that are known late")
struct LateCloseTests {
  @Test func `count for what the account is worth now, not for what it was worth then`() throws {
    let folder = try TemporaryFolder()
    let location = Store.Location(path: folder.file("run.db"), synchronous: .off)
    var portfolio = Portfolio(cash: 10_000, groups: [nil, nil])
    var engines = try [0, 1].map { pair in
      var settings = EngineSettings.test
      settings.pair = UInt32(pair)
      settings.product.id = "P\(pair)-USD"
      return ExecutionEngine(
        strategy: try ScriptedStrategy(signals: pair == 1 ? [0] : [], timeToLive: 9),
        settings: settings)
    }
    let store = try Store.openOrCreate(
      at: location,
      run: RunRow(
        kind: .live, session: 0, strategy: "scripted", manifest: "{}", keeping: .all, cash: 10_000),
      pairs: engines.map {
        PairRow(
          product: $0.settings.product.id, group: nil,
          quoteIncrement: $0.settings.product.quoteIncrement,
          baseIncrement: $0.settings.product.baseIncrement, interval: $0.settings.interval,
          positionSize: $0.settings.positionSize)
      })
    var writer = try StoreWriter(store, rhythm: .eachChange, replaying: false)
    func handle(_ event: Event, _ pair: Int) throws {
      var outbox = Outbox()
      engines[pair].handle(event, portfolio: &portfolio, into: &outbox)
      try writer.record(event, outbox, of: pair)
    }
    func close(_ index: Int, at close: String, of pair: Int) throws {
      try handle(
        .candleClosed(Candle(index, open: "100", high: "200", low: "50", close: close)), pair)
    }
    func points() throws -> [Money] {
      try writer.commit()
      var points: [Money] = []
      try store.connection.prepare("SELECT equity FROM equity ORDER BY time").forEachRow {
        points.append(try $0.money(at: 0))
      }
      return points
    }
    try close(0, at: "100", of: 1)
    let id = ClientOrderID(session: 0, pair: 1, number: 1)
    let order = try #require(try store.reader.orders(of: 1).first)
    let fill = Fill(
      order: id, id: 1, time: .testStart + TimeSpan(seconds: 301), side: .buy, price: price("100"),
      quantity: order.order.quantity, fee: .zero, liquidity: .maker)
    for news in [OrderReport.News.accepted, .filled(fill)] {
      try handle(.report(OrderReport(order: id, time: fill.time, news: news)), 1)
    }
    try close(1, at: "100", of: 0)
    try close(2, at: "100", of: 0)
    #expect(try points() == [10_000, 10_000, 10_000])

    // What it was worth at the second close is history; what it is worth now is not.
    try close(1, at: "80", of: 1)
    #expect(portfolio.equity < 10_000)
    #expect(try points() == [10_000, 10_000, portfolio.equity])
    #expect(
      try DatabaseCheck.all(of: store.connection, Schema.migrator).allSatisfy(\.defects.isEmpty))

    // And behind a restart, where the last point is an earlier process's.
    writer = try StoreWriter(store, rhythm: .eachChange, replaying: false)
    let before = try points()
    try close(2, at: "70", of: 1)
    #expect(try points() == before.dropLast() + [portfolio.equity])
    #expect(
      try DatabaseCheck.all(of: store.connection, Schema.migrator).allSatisfy(\.defects.isEmpty))
  }
}

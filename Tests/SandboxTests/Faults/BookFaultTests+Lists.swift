import JSON
import Market
import Network
import TestKit
import Testing

@testable import Sandbox

/// What has happened and is not in REST's lists yet.
extension BookFaultTests {
  /// What either API answers.
  private func ask(_ target: String, _ exchange: inout SandboxExchange) throws -> JSONValue {
    let request = HTTPRequest(.get, target)
    let response =
      AdvancedAPI.owns(target)
      ? AdvancedAPI(permissions: KeyPermissions(), clock: .testStart).answer(request, &exchange)
      : ExchangeAPI(clock: .testStart).answer(request, &exchange)
    return try JSONValue(parsing: response.body)
  }

  // MARK: - Fills

  /// How many fills either API lists.
  private func fills(_ exchange: inout SandboxExchange) throws -> [Int?] {
    [
      try ask("/api/v3/brokerage/orders/historical/fills", &exchange)["fills"]?.count,
      try ask("/fills?product_id=BTC-USD", &exchange).count,
    ]
  }

  @Test func `a fill is in the list of fills late, and the order and its news tell of it at once`()
    throws
  {
    var exchange = exchange(
      faultRule(.fillsLate) { ($0.delay, $0.seen) = (.seconds(20, 20), 2...2) })
    let order = try exchange.place(limit(.buy, "2", at: "100")).get()
    #expect(order.status == .filled && order.filled == 2 && exchange.fills.count == 1)
    #expect(exchange.ledger["BTC"] == Ledger.Balance(total: 12, held: 0))
    let isTold = exchange.takeNews().contains { news in
      if case .order(_, .filled) = news { true } else { false }
    }
    #expect(isTold)
    for count in [0, 0, 1] {
      #expect(try fills(&exchange) == [count, count])
      exchange.hear(.place)  // That does not hurry it.
      exchange.hear(.orders)
    }
    _ = try exchange.place(limit(.buy, "1", at: "100")).get()
    exchange.pass(to: .testStart + TimeSpan(seconds: 19))
    #expect(try fills(&exchange) == [1, 1])
    exchange.pass(to: .testStart + TimeSpan(seconds: 20))
    #expect(try fills(&exchange) == [2, 2])
    #expect(exchange.faultLog.counts == [.fillsLate: 2])
    #expect(exchange.faultLog.entries.allSatisfy { $0.market == 0 })
  }

  // MARK: - Candles

  /// The candles that either API lists, oldest first, by the seconds since the beginning.
  private func candles(_ exchange: inout SandboxExchange) throws -> [[Int64]] {
    let begin = Timestamp.testStart.seconds
    let span = "start=\(begin)&end=\(begin + 1500)"
    let advanced = try ask(
      "/api/v3/brokerage/market/products/BTC-USD/candles?granularity=FIVE_MINUTE&\(span)",
      &exchange)
    let other = try ask("/products/BTC-USD/candles?granularity=300&\(span)", &exchange)
    let starts = [
      advanced["candles"]?.elements.compactMap { $0["start"]?.string } ?? [],
      other.elements.compactMap { row in row.elements.first { _ in true }?.number },
    ]
    return starts.map { $0.reversed().compactMap { Int64($0) }.map { $0 - begin } }
  }

  @Test func `a candle that has closed is in the lists late, and so is what comes behind it`()
    throws
  {
    var exchange = exchange(
      faultRule(.candlesLate) { ($0.delay, $0.seen, $0.most) = (.seconds(60, 60), 2...2, 2) })
    move(&exchange, to: "95", at: 300)
    #expect(try candles(&exchange) == [[0], [0]])
    exchange.close(0)
    #expect(try candles(&exchange) == [[], []])
    let market = exchange.markets[0]
    let told = market.candles(
      of: TimeSpan(seconds: 300), from: .testStart, through: exchange.now)
    #expect(told.count == 1, "the feed has it")
    exchange.open(0)
    while exchange.step(0) {}
    #expect(try candles(&exchange) == [[], []])
    #expect(exchange.faultLog.entries.isEmpty, "nobody has asked through the server")
    exchange.hear(.orders)  // That does not hurry it.
    exchange.hear(.market)
    #expect(try candles(&exchange) == [[], []])
    exchange.hear(.market)
    #expect(try candles(&exchange) == [[0, 300], [0, 300]])
    #expect(exchange.faultLog.counts == [.candlesLate: 1])
    #expect(exchange.faultLog.entries.first?.market == 0)
  }

  @Test func `a late candle is listed when its time has come, also as a part of a longer one`()
    throws
  {
    var exchange = exchange(
      faultRule(.candlesLate) { $0.delay = .seconds(60, 60) })
    move(&exchange, to: "95", at: 300)
    exchange.close(0)
    exchange.pass(to: .testStart + TimeSpan(seconds: 360))
    exchange.open(0)
    move(&exchange, to: "120", at: 600)
    exchange.close(0)
    func hour(_ exchange: SandboxExchange) -> [Quantity] {
      exchange.listedCandles(
        of: exchange.markets[0], length: TimeSpan(seconds: 3600), from: .testStart,
        through: exchange.now
      ).map(\.volume)
    }
    #expect(try candles(&exchange) == [[0], [0]])
    #expect(hour(exchange) == [1000])
    exchange.pass(to: .testStart + TimeSpan(seconds: 659))
    #expect(try candles(&exchange) == [[0], [0]])
    exchange.pass(to: .testStart + TimeSpan(seconds: 660))
    #expect(try candles(&exchange) == [[0, 300], [0, 300]])
    #expect(hour(exchange) == [2000])
  }

  @Test func `what the list of one product lacks, that of another has`() throws {
    var desk = ExchangeDesk { $0.faults.rules = [faultRule(.candlesLate) { $0.most = 1 }] }
    for market in 0..<2 {
      desk.exchange.open(market)
      while desk.exchange.step(market) {}
      desk.exchange.close(market)
    }
    for (product, count) in [("BTC-USD", 3), ("ETH-USD", 4)] {
      let path = "/products/\(product)/candles?granularity=300"
      #expect(try ask(path, &desk.exchange).count == count, "\(product)")
    }
  }
}

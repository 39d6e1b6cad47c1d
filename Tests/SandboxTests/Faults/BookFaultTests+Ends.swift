import Market
import Matching
import TestKit
import Testing

@testable import Sandbox

/// What lasts when nothing goes wrong any more, or the data are at their end.
extension BookFaultTests {
  @Test(arguments: [false, true])
  func `a cancel that takes effect at the end gives back what was held, late as that may be`(
    isOverBefore: Bool
  ) throws {
    var exchange = exchange(faultRule(.cancelLate), faultRule(.holdLate))
    if isOverBefore { exchange.standStill() }
    let order = try exchange.place(stop("4", trigger: "95", limit: "94")).get()
    #expect(try exchange.cancel(order.id).get().status == .open)
    if isOverBefore { exchange.ceaseFaults() } else { exchange.standStill() }
    #expect(exchange.orders[0].status == .cancelled)
    #expect(exchange.faultLog.counts == [.cancelLate: 1, .holdLate: 1])
    #expect(exchange.lateHolds.isEmpty)
    #expect(exchange.ledger["BTC"] == Ledger.Balance(total: 10, held: 0))
  }

  @Test(arguments: [false, true])
  func `a stop whose cancel takes effect at the end does not fill, though it rests unfilled`(
    ceases: Bool
  ) throws {
    var exchange = exchange(
      faultRule(.stopUnfilled) { $0.delay = .seconds(9000, 9000) }, faultRule(.cancelLate))
    let order = try exchange.place(stop("4", trigger: "98", limit: "85")).get()
    move(&exchange, to: "90", at: 100)
    #expect(exchange.orders[0].trigger == .triggered)
    #expect(try exchange.cancel(order.id).get().status == .open)
    if ceases { exchange.ceaseFaults() } else { exchange.standStill() }
    #expect(exchange.orders[0].status == .cancelled && exchange.fills.isEmpty)
    #expect(exchange.ledger["BTC"] == Ledger.Balance(total: 10, held: 0))
    #expect(exchange.markets[0].engine.working.isEmpty)
  }

  @Test func `what fills at the end is listed at the end, however late it was to be`() throws {
    var exchange = exchange(
      faultRule(.stopUnfilled) { $0.delay = .seconds(9000, 9000) }, faultRule(.fillsLate))
    _ = exchange.place(stop("4", trigger: "98", limit: "85"))
    move(&exchange, to: "90", at: 100)
    exchange.standStill()
    #expect(exchange.orders[0].status == .filled)
    #expect(exchange.faultLog.counts == [.stopUnfilled: 1, .fillsLate: 1])
    #expect(exchange.lateFills.isEmpty && exchange.isListed(exchange.fills[0]))
  }

  @Test func `a candle that is late is listed at the end`() {
    var exchange = exchange(faultRule(.candlesLate))
    exchange.close(0)
    #expect(exchange.lateCandles.count == 1)
    exchange.standStill()
    #expect(exchange.lateCandles.isEmpty)
  }

  @Test(arguments: [false, true])
  func `a stop that was to fail later does not at the end`(ceases: Bool) throws {
    var exchange = exchange(faultRule(.stopFailed))
    _ = try exchange.place(stop("4", trigger: "95", limit: "94")).get()
    if ceases { exchange.ceaseFaults() } else { exchange.standStill() }
    exchange.pass(to: .testStart + TimeSpan(seconds: 1000))
    #expect(exchange.orders[0].status == .open && exchange.ledger["BTC"].held == 4)
    #expect(exchange.faultLog.entries.isEmpty)
  }
}

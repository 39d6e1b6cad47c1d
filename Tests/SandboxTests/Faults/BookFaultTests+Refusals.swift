import JSON
import Market
import TestKit
import Testing

@testable import LiveBroker
@testable import Sandbox

/// Orders that are refused, at once or a moment after they were accepted.
extension BookFaultTests {
  // MARK: - At once

  @Test func `any sell may be refused in words that say nothing, and no limit to buy`() throws {
    var exchange = exchange(faultRule(.stopRefused) { $0.forms = [.unknown] })
    #expect(exchange.place(limit(.sell, "1", at: "101")) == .failure(.unexplained))
    #expect(exchange.place(stop("1", trigger: "95", limit: "94")) == .failure(.unexplained))
    _ = try exchange.place(limit(.buy, "1", at: "99")).get()
    #expect(exchange.faultLog.counts == [.stopRefused: 2])
    #expect(exchange.faultLog.entries.allSatisfy { $0.market == 0 })
  }

  @Test func `only a stop is refused as though the market were through it`() throws {
    var exchange = exchange(
      faultRule(.stopRefused) { ($0.forms, $0.most) = ([.through], 1) },
      faultRule(.stopRefused) { $0.forms = [.through, .unknown] })
    // Of the forms that a rule has, those count that there are for such an order.
    for _ in 0..<20 {
      #expect(exchange.place(limit(.sell, "1", at: "101")) == .failure(.unexplained))
    }
    #expect(
      exchange.place(stop("1", trigger: "95", limit: "94")) == .failure(.stopAboveLastTrade))
    #expect(exchange.faultLog.counts == [.stopRefused: 21])
  }

  static let distances: [(Side, String, Bool)] = [
    (.sell, "105", false), (.sell, "105.01", true), (.sell, "95", false), (.sell, "94.99", true),
    (.buy, "105", false), (.buy, "105.01", true), (.buy, "95", false), (.buy, "94.99", true),
  ]

  @Test("A limit is refused that is too far from 100, the market's price", arguments: distances)
  func tooFar(side: Side, price: String, isTooFar: Bool) throws {
    let share = try Rate("0.05")
    var exchange = exchange(
      faultRule(.stopRefused) { ($0.forms, $0.beyond) = ([.tooFar], share) })
    // One that waits for the market to come is never too far.
    _ = try exchange.place(stop("1", trigger: "50", limit: "49")).get()
    let answer = exchange.place(limit(side, "1", at: price))
    if isTooFar {
      #expect(answer == .failure(.limitTooFar))
    } else {
      _ = try answer.get()
    }
    #expect(exchange.faultLog.entries.count == (isTooFar ? 1 : 0))
  }

  @Test func `our client knows what is too far from the market`() {
    let names = AdvancedRefusal(.limitTooFar)
    let refusal = OrderRefusal(reasons: [names.reason, names.preview], message: names.message)
    #expect(refusal.kind == .limitTooFar)
  }

  // MARK: - A moment later

  /// The steps of orders' lives that were told since the last time.
  private func steps(_ exchange: inout SandboxExchange) -> [OrderStep] {
    exchange.takeNews().compactMap { news -> OrderStep? in
      if case .order(_, let step) = news { step } else { nil }
    }
  }

  @Test func `a stop is accepted, fails a moment later, and gives back what it held`() throws {
    var exchange = exchange(faultRule(.stopFailed) { $0.delay = .seconds(5, 5) })
    let order = try exchange.place(stop("10", trigger: "95", limit: "94")).get()
    #expect(order.status == .open && exchange.ledger["BTC"].held == 10)
    exchange.pass(to: .testStart + TimeSpan(seconds: 4))
    #expect(exchange.orders[0].status == .open)
    // What has not happened is not in the log.
    #expect(exchange.faultLog.entries.isEmpty)
    _ = exchange.takeNews()
    exchange.pass(to: .testStart + TimeSpan(seconds: 5))
    #expect(exchange.orders[0].status == .failed(.insufficientFunds))
    #expect(steps(&exchange) == [.ended])
    #expect(exchange.ledger["BTC"] == Ledger.Balance(total: 10, held: 0))
    #expect(exchange.cancel(order.id) == .failure(.over))
    #expect(exchange.faultLog.counts == [.stopFailed: 1])
    #expect(exchange.faultLog.entries.first?.market == 0)
  }

  @Test func `a stop that failed says why, to whoever asks and on the feed`() throws {
    var exchange = exchange(faultRule(.stopFailed) { $0.delay = .seconds(5, 5) })
    _ = try exchange.place(stop("10", trigger: "95", limit: "94")).get()
    exchange.pass(to: .testStart + TimeSpan(seconds: 5))
    let order = exchange.orders[0]
    let listed = try JSONValue(parsing: AdvancedOrders.order(order, exchange).bytes)
    #expect(listed["status"]?.string == "FAILED")
    #expect(listed["reject_reason"]?.string == "HOLD_FAILURE")
    #expect(listed["reject_message"]?.string == "INSUFFICIENT_FUND")
    let told = try JSONValue(parsing: AdvancedOrders.feedOrder(order, exchange).bytes)
    #expect(told["status"]?.string == "FAILED" && told["leaves_quantity"]?.string == "0")
    #expect(told["reject_reason"]?.string == "HOLD_FAILURE")
    let other = try JSONValue(parsing: ExchangeOrders.order(order, exchange).bytes)
    #expect(other["reject_reason"]?.string == "Insufficient funds")
  }

  @Test func `neither a limit order fails later nor a stop that buys`() throws {
    var exchange = exchange(faultRule(.stopFailed) { $0.delay = .seconds(5, 5) })
    _ = try exchange.place(limit(.sell, "1", at: "120")).get()
    _ = try exchange.place(
      PlacementWish(
        clientID: "", productID: "BTC-USD", side: .buy, size: .base(1),
        terms: .stopLimit(trigger: 105, limit: 106, .up, .untilCancelled))
    ).get()
    exchange.pass(to: .testStart + TimeSpan(seconds: 60))
    #expect(exchange.orders.allSatisfy { $0.status == .open })
  }

  @Test func `a stop that has triggered fails no more`() throws {
    var exchange = exchange(
      faultRule(.stopFailed) { $0.delay = .seconds(150, 150) },
      faultRule(.stopUnfilled) { $0.delay = .seconds(9000, 9000) })
    _ = try exchange.place(stop("4", trigger: "98", limit: "85")).get()
    move(&exchange, to: "90", at: 100)
    move(&exchange, to: "91", at: 200)
    #expect(exchange.orders[0].status == .open && exchange.orders[0].trigger == .triggered)
    #expect(exchange.faultLog.counts == [.stopUnfilled: 1])
  }

  @Test func `a stop that failed triggers no more, wherever it was kept`() throws {
    var exchange = exchange(
      faultRule(.stopFailed) { $0.delay = .seconds(50, 50) },
      faultRule(.stopUnfilled) { $0.most = 1 })
    _ = try exchange.place(stop("4", trigger: "98", limit: "85")).get()
    _ = try exchange.place(stop("4", trigger: "97", limit: "85")).get()
    move(&exchange, to: "99", at: 60)
    move(&exchange, to: "90", at: 100)
    #expect(exchange.orders.allSatisfy { $0.status == .failed(.insufficientFunds) })
    #expect(exchange.fills.isEmpty && exchange.faultLog.counts == [.stopFailed: 2])
  }

  @Test func `a stop that is cancelled and fails in the same moment ends once`() throws {
    var exchange = exchange(
      faultRule(.stopFailed) { $0.delay = .seconds(5, 5) },
      faultRule(.cancelLate) { $0.delay = .seconds(5, 5) })
    let order = try exchange.place(stop("4", trigger: "95", limit: "94")).get()
    _ = try exchange.cancel(order.id).get()
    _ = exchange.takeNews()
    exchange.pass(to: .testStart + TimeSpan(seconds: 5))
    #expect(steps(&exchange) == [.ended])
    #expect(exchange.orders[0].status == .cancelled)
    #expect(exchange.ledger["BTC"] == Ledger.Balance(total: 10, held: 0))
    #expect(exchange.faultLog.counts == [.cancelLate: 1])
  }
}

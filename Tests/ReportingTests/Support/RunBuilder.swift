import Market
import Reporting
import Strategy

@testable import Execution

/// Makes the record of a run the way the engine does: event by event through its journal.
struct RunBuilder {
  private(set) var record = RunRecord()
  private(set) var cash: Money
  private(set) var position = Quantity.zero
  let startingCash: Money
  private var orders: [ManagedOrder] = []
  private var lastFill: UInt64 = 0

  init(cash: Money = 10_000) {
    startingCash = cash
    self.cash = cash
  }

  @discardableResult
  mutating func submit(
    _ role: OrderRole, limit: Price, trigger: Price? = nil, quantity: Quantity, at time: Timestamp
  ) -> UInt64 {
    let number = UInt64(orders.count + 1)
    let order = Order(
      id: ClientOrderID(session: 7, pair: 0, number: number), side: role == .entry ? .buy : .sell,
      limit: limit, trigger: trigger, quantity: quantity, submitted: time)
    orders.append(ManagedOrder(order, role: role))
    take(at: time) { $0.commands.append(.submit(order, role: role)) }
    report(.accepted, on: number, at: time)
    return number
  }

  mutating func fill(
    _ number: UInt64, price: Price, quantity: Quantity, fee: Money = 0,
    _ liquidity: Liquidity = .maker, candle: Int, at time: Timestamp
  ) {
    lastFill += 1
    let order = orders[Int(number) - 1].order
    let fill = Fill(
      order: order.id, id: lastFill, time: time, side: order.side, price: price,
      quantity: quantity, fee: fee, liquidity: liquidity)
    switch fill.side {
    case .buy:
      cash -= fill.notional + fee
      position += quantity
    case .sell:
      cash += fill.notional - fee
      position -= quantity
    }
    let position = position
    take(at: time) {
      $0.notes.append(.fill(fill, candle: candle, position: position))
    }
    report(.filled(fill), on: number, at: time)
  }

  mutating func cancel(_ number: UInt64, _ reason: CancelReason, at time: Timestamp) {
    orders[Int(number) - 1].requestCancel(reason)
    report(.cancelled, on: number, at: time)
  }

  mutating func reject(_ number: UInt64, at time: Timestamp) {
    report(.rejected(.postOnlyWouldTake), on: number, at: time)
  }

  mutating func signal(_ outcome: SignalOutcome, at time: Timestamp) {
    take(at: time) { $0.notes.append(.signal(time: time, outcome)) }
  }

  mutating func ratchet(at time: Timestamp) {
    take(at: time) { $0.notes.append(.ratchet(from: 1, to: 2, highest: 3, time: time)) }
  }

  mutating func refuse(_ refusal: Refusal, at time: Timestamp) {
    take(at: time) { $0.notes.append(.refused(refusal, time: time)) }
  }

  mutating func trip(_ trip: BreakerTrip) {
    take(at: trip.time) { $0.notes.append(.tripped(trip)) }
  }

  mutating func close(_ trade: ClosedTrade) {
    take(at: trade.exitTime) { $0.notes.append(.trade(trade)) }
  }

  mutating func cutSize(from: Quantity, to: Quantity, at time: Timestamp) {
    take(at: time) { $0.notes.append(.sizeCut(from: from, to: to, time: time)) }
  }

  mutating func loseDay(at time: Timestamp) {
    take(at: time) { $0.notes.append(.dayLost(time: time)) }
  }

  mutating func anomaly(_ anomaly: Anomaly, at time: Timestamp) {
    take(at: time) { $0.notes.append(.anomaly(anomaly)) }
  }

  func result(
    candles: [Candle], product: Product = Product(), interval: TimeSpan = TimeSpan(seconds: 300),
    trail: Rate? = nil, open: RunResult.OpenPosition? = nil, working: [UInt64] = [],
    data: DataQuality = DataQuality(), settings: [RunResult.Setting] = [],
    changed: [RunResult.Setting] = [], indicators: [RunResult.IndicatorRow] = [],
    source: String = "candles.csv"
  ) -> RunResult {
    RunResult(
      source: source, product: product, interval: interval, candles: candles, data: data,
      settings: settings, changed: changed, startingCash: startingCash, trail: trail,
      record: record, openPosition: open, workingOrders: working, indicators: indicators)
  }

  private mutating func report(_ news: OrderReport.News, on number: UInt64, at time: Timestamp) {
    let index = Int(number) - 1
    let report = OrderReport(order: orders[index].order.id, time: time, news: news)
    if case .filled(let fill) = news {
      let anomaly = orders[index].count(fill, report, atMost: orders[index].remaining)
      precondition(anomaly == nil, "\(anomaly.map(String.init(describing:)) ?? "")")
    } else if let input = orders[index].input(of: news) {
      do { try orders[index].move(input) } catch { preconditionFailure("\(error)") }
    }
    let order = orders[index]
    guard order.state.isFinal else { return }
    take(at: time) {
      $0.notes.append(
        .orderDone(order.order.id, order.state, because: order.cancelReason, time: time))
    }
  }

  private mutating func take(at time: Timestamp, _ fill: (inout Outbox) -> Void) {
    var outbox = Outbox()
    fill(&outbox)
    record.append(.clock(time), outbox)
  }
}

extension Candle {
  /// A candle that trades at one price only.
  init(start: Int64, flat price: Price) {
    self.init(
      start: Timestamp(seconds: start), open: price, high: price, low: price, close: price,
      volume: 1)
  }
}

extension ClosedTrade {
  /// A trade of one unit bought for 100 that realised so much.
  init(realised: Money, from entry: Int64 = 0, to exit: Int64 = 100) {
    self.init(
      entryTime: Timestamp(seconds: entry), exitTime: Timestamp(seconds: exit), entryOrder: 1,
      quantity: 1, entryNotional: 100, exitNotional: 101 + realised, fees: 1,
      exitReason: .trailingStop, highest: 100, ratchets: 0, escalations: 0)
  }
}

import Execution
import Market
import Persistence
import TestKit
import Testing

@testable import Sandbox
@testable import Torture

@Suite("What is compared at the end")
struct EndCheckTests {
  private func held() throws -> Stage {
    var stage = Stage()
    try stage.place(.buy, 2, at: 101)
    try stage.place(.sell, 2, at: 89, trigger: 90)
    return stage
  }

  @Test func `a record that says the same is fine`() throws {
    #expect(try held().violatedAtEnd() == [])
  }

  @Test func `it is not the end while an order's end is on its way`() throws {
    var record = try held().record()
    #expect(!record.isMovingOrders)
    record.pairs[0].orders[1].state = .cancelPending
    #expect(record.isMovingOrders)
  }

  @Test func `I3: no exit, one too many, or one for too little`() throws {
    var stage = Stage()
    try stage.place(.buy, 2, at: 101)
    #expect(stage.violatedAtEnd() == [.cover])
    try stage.place(.sell, 1, at: 89, trigger: 90)
    #expect(stage.violatedAtEnd() == [.cover])
    try stage.place(.sell, 1, at: 89, trigger: 90)
    #expect(stage.violatedAtEnd() == [.cover])
    #expect(try held().violatedAtEnd { $0.pairs[0].positions = [] } == [.cover])
  }

  @Test func `I4: a fill that is lacking, or there twice`() throws {
    let stage = try held()
    #expect(stage.violatedAtEnd { $0.pairs[0].fills = [] }.contains(.fills))
    #expect(stage.violatedAtEnd { $0.pairs[0].fills += $0.pairs[0].fills }.contains(.fills))
    #expect(stage.violatedAtEnd { $0.pairs[0].fills[0].fee += 1 }.contains(.fills))
  }

  @Test func `I5: cash that is not what the fills give`() throws {
    #expect(try held().violatedAtEnd { $0.cash += Money(steps: 1) } == [.money])
  }

  @Test func `I6: an order that nobody has recorded, or sent twice`() throws {
    var stage = try held()
    #expect(stage.violatedAtEnd { $0.pairs[0].orders.removeLast() } == [.orders])
    #expect(stage.violatedAtEnd { $0.session = 8 } == [.orders])
    #expect(stage.violatedAtEnd { $0.pairs[0].orders[1].done = .testStart } == [.orders])
    try stage.place(.buy, 1, at: 50, number: 1, repeats: false)
    #expect(stage.violatedAtEnd().contains(.orders))
  }

  @Test func `I6: a market order`() throws {
    var stage = Stage()
    let id = ClientOrderID(session: 7, pair: 0, number: 1)
    _ = try stage.exchange.place(
      PlacementWish(
        clientID: "\(id)", productID: "BTC-USD", side: .buy, size: .base(1),
        terms: .market(.immediate))
    ).get()
    #expect(stage.violatedAtEnd().contains(.orders))
  }

  @Test func `I6: an order that the exchange has no more`() throws {
    var stage = try held()
    let exit = stage.exchange.orders[1].id
    let before = stage.record()
    try stage.cancel(exit)
    let found = Set(EndCheck.violations(of: stage.testimony, before).map(\.rule))
    #expect(found == [.cover, .orders])
  }

  @Test func `I6: own coins that others took explain no exit that is not there`() throws {
    var stage = Stage(balances: ["BTC": 3])
    try stage.place(.buy, 2, at: 101)
    let stop = try stage.place(.sell, 2, at: 89, trigger: 90)
    stage.exchange.log(.balanceMoved, "-2 BTC")
    stage.exchange.ledger.add(-2, of: "BTC")
    let before = stage.record()
    try stage.cancel(stop)
    let found = Set(EndCheck.violations(of: stage.testimony, before).map(\.rule))
    #expect(found == [.cover, .orders])
  }

  @Test(
    "I3: what others have left is dust where it is too little to be sold",
    arguments: [("1", [Violation.Rule.cover]), ("1.995", [])])
  func rest(taken: String, rules: [Violation.Rule]) throws {
    var stage = Stage(faults: faultyPlan(.exitMinimums))
    try stage.place(.buy, 2, at: 101)
    stage.exchange.log(.balanceMoved, "-\(taken) BTC")
    stage.exchange.ledger.add(-money(taken), of: "BTC")
    #expect(stage.violatedAtEnd() == Set(rules))
  }

  @Test func `I6: absences are no reason for another price of an exit`() throws {
    var plan = FaultPlan()
    plan.away = 0...60
    var stage = Stage(faults: plan)
    try stage.place(.buy, 2, at: 101)
    let stop = try stage.place(.sell, 2, at: 89, trigger: 90)
    #expect(stage.violatedAtEnd() == [])
    #expect(stage.violatedAtEnd { $0.pairs[0].orders[1].order.limit = 88 } == [.orders])
    #expect(stage.violatedAtEnd { $0.pairs[0].orders[1].order.trigger = 91 } == [.orders])
    // Sent as the limit sell that the stop would become.
    try stage.cancel(stop)
    try stage.place(.sell, 2, at: 89)
    #expect(stage.violatedAtEnd { $0.pairs[0].orders[2].order.trigger = 90 } == [])
  }

  /// A position whose stop at 90 was cancelled, and whose next one, its third order, is about to be placed.
  private func bared(_ refused: UInt64?) throws -> Stage {
    var stage = Stage(faults: faultyPlan())
    stage.next()
    try stage.place(.buy, 2, at: 101)
    try stage.cancel(try stage.place(.sell, 2, at: 89, trigger: 90))
    if let refused {
      let id = ClientOrderID(session: 7, pair: 0, number: refused)
      stage.exchange.log(
        .stopRefused, "sell BTC-USD, client order id '\(id)', as unknown", of: 0)
    }
    return stage
  }

  static let refusedStops: [(UInt64?, Price, Price, Set<Violation.Rule>)] = [
    // The old one goes back, where the new one was refused.
    (3, 90, 89, []), (nil, 90, 89, [.orders]), (2, 90, 89, [.orders]),
    // No other one, and none of another limit.
    (3, 91, 89, [.orders]), (3, 90, 88, [.orders]),
  ]

  @Test("I6: a stop has another price where it was refused alone", arguments: refusedStops)
  func refusedStop(
    _ refused: UInt64?, _ trigger: Price, _ limit: Price, _ rules: Set<Violation.Rule>
  ) throws {
    var stage = try bared(refused)
    try stage.place(.sell, 2, at: limit, trigger: trigger)
    let found = stage.violatedAtEnd {
      ($0.pairs[0].orders[2].order.trigger, $0.pairs[0].orders[2].order.limit) = (95, 94)
    }
    #expect(found == rules)
  }

  static let refusedOffers: [(UInt64?, Price, OrderRole, Set<Violation.Rule>)] = [
    // An offer that is refused is made where the market is, or was a moment ago.
    (3, 101, .escalation, []), (nil, 101, .escalation, [.orders]),
    (3, 102, .escalation, [.orders]),
    // Or where the old stop would have sold.
    (3, 89, .escalation, []), (3, 88, .escalation, [.orders]),
    // Not below the price of an operator.
    (3, 89, .forced, [.orders]), (3, 102, .forced, []),
  ]

  @Test("I6: an offer has another price where it was refused alone", arguments: refusedOffers)
  func refusedOffer(
    _ refused: UInt64?, _ limit: Price, _ role: OrderRole, _ rules: Set<Violation.Rule>
  ) throws {
    var stage = try bared(refused)
    try stage.place(.sell, 2, at: limit)
    let found = stage.violatedAtEnd {
      $0.pairs[0].orders[2].role = role
      $0.pairs[0].orders[2].order.limit = limit == 102 ? 101 : 100
      // What there is of an operator's sale is not looked at here.
      $0.isWalked = false
    }
    #expect(found.intersection([.orders]) == rules)
  }

  @Test(
    "I6: where another order of ours was filled is where the market is, for who is told so",
    arguments: [true, false], [true, false])
  func ownTrade(isFilled: Bool, isTold: Bool) throws {
    var stage = try bared(3)
    stage.usesExchangeAPI = isTold
    let fill = try #require(stage.exchange.fills.last).fill
    // The fault that fills a cancelled order has no other trade.
    stage.happenings.removeAll { happening in
      switch happening {
      case .trade(let trade, _, _): trade.price == fill.price
      case .order(_, .filled): !isFilled
      default: false
      }
    }
    try stage.place(.sell, 2, at: fill.price)
    let found = stage.violatedAtEnd {
      $0.pairs[0].orders[2].role = .escalation
      $0.pairs[0].orders[2].order.limit = fill.price + Price(steps: 1_000_000_000)
    }
    #expect(found.contains(.orders) != (isFilled && isTold))
  }

  @Test(
    "I6: an exit is for less where coins may have been missing alone", arguments: [true, false])
  func part(isLate: Bool) throws {
    var stage = try held()
    try stage.cancel(stage.exchange.orders[1].id)
    stage.exchange.log(isLate ? .holdLate : .rateLimited, "a fault")
    try stage.place(.sell, 2, at: 89, trigger: 90)
    let found = stage.violatedAtEnd { $0.pairs[0].orders[2].order.quantity = 3 }
    #expect(found == (isLate ? [] : [.orders]))
  }

  @Test func `entries go on at the end, unless something is missing`() throws {
    var stage = try held()
    #expect(stage.violatedAtEnd { $0.pairs[0].isHalted = true } == [.life])
    stage.exchange.log(.balanceMoved, "-1 USD")
    stage.exchange.ledger.add(-1, of: "USD")
    #expect(stage.violatedAtEnd { $0.pairs[0].isHalted = true } == [])
  }

  private static func incident(
    _ kind: IncidentRow.Kind, _ words: String, pair: Int? = nil, candle: Int = 0
  ) -> IncidentRow {
    IncidentRow(
      kind, words, pair: pair, time: .testStart + TimeSpan(seconds: 300) * candle)
  }

  typealias Hold = SessionRecord.Pair.Hold

  static let halts: [([IncidentRow], Hold)] = [
    (
      [incident(.halted, "candles: a candle is not the exchange's", pair: 0)],
      Hold(ofCandle: Timestamp.testStart)
    ),
    (
      [
        incident(.halted, "candles: a candle is not the exchange's", pair: 0),
        // As the next one is, which holds them already.
        incident(.candleDiffers, "close 1, exchange 2", pair: 0, candle: 2),
      ], Hold(ofCandle: Timestamp.testStart + TimeSpan(seconds: 600))
    ), ([incident(.halted, "candles: a candle is not the exchange's", pair: 1)], Hold()),
    (
      [
        incident(.halted, "candles: a candle is not the exchange's", pair: 0),
        incident(.resumed, "candles is in order again", pair: 0),
      ], Hold()
    ), ([incident(.halted, "feed: the feed has been silent for 60 s")], Hold(isOfFeed: true)),
    (
      [
        incident(.halted, "feed: the feed has been silent for 60 s"),
        incident(.reconnected, "connection 2"),
      ], Hold()
    ), ([incident(.halted, "balance: the account has less", pair: 0)], Hold()), ([], Hold()),
  ]

  @Test("A halt may last where only the market or a connection ends it", arguments: halts)
  func holds(_ incidents: [IncidentRow], _ hold: Hold) {
    #expect(SessionRecord.Pair.hold(0, incidents) == hold)
  }

  @Test func `a candle that differs holds entries until the next ones, and not for good`() throws {
    var stage = try held()
    for _ in 0..<6 { stage.next() }
    func violated(behind candle: Int) -> Set<Violation.Rule> {
      stage.violatedAtEnd {
        $0.pairs[0].isHalted = true
        $0.pairs[0].differed = Timestamp.testStart + TimeSpan(seconds: 300) * candle
      }
    }
    #expect(violated(behind: 2) == [.life])
    #expect(violated(behind: 3) == [])
    stage.exchange.log(.messageDropped, "a fault")
    #expect(violated(behind: 2) == [])
  }

  @Test func `I6: an entry that was to rest and may take, or the other way round`() throws {
    #expect(try held().violatedAtEnd { $0.pairs[0].orders[0].order.isPostOnly = true } == [.orders])
  }

  @Test func `I8: what the database's own checks say`() throws {
    #expect(try held().violatedAtEnd { $0.defects = ["audit: differs"] } == [.record])
  }
}

import Execution
import Market
import Persistence
import Reporting
import TestKit
import Testing

@testable import Simulator

@Suite("What a pair's orders went another way by")
struct BlockFindingTests {
  private func at(_ seconds: Int64) -> Timestamp { .testStart + TimeSpan(seconds: seconds) }

  private func id(_ number: UInt64) -> ClientOrderID {
    ClientOrderID(session: 0, pair: 0, number: number)
  }

  /// What came of one event.
  private func log(_ notes: [Note] = [], _ commands: [Command] = []) -> TradeLog {
    var outbox = Outbox()
    outbox.notes = notes
    outbox.commands = commands
    var log = TradeLog()
    log.append(.clock(.testStart), outbox)
    return log
  }

  private func entry(_ quantity: String) -> Command {
    .submit(
      Order(
        id: id(1), side: .buy, limit: price("100"), quantity: TestKit.quantity(quantity),
        submitted: at(300)), role: .entry)
  }

  /// The cause of a candle of five minutes.
  private func cause(
    simulated: TradeLog, recorded: TradeLog, _ evidence: PairEvidence = PairEvidence(),
    incidents: [IncidentRow] = [], isAway: Bool = false, isClosed: Bool = true,
    hasTrades: Bool = true, isRequested: Bool = false, hasOwnChange: Bool = false,
    isTripOther: Bool = false
  ) -> DifferenceCause? {
    let range = price("90")...price("110")
    return BlockCase(
      simulated: simulated, recorded: recorded, evidence: evidence, incidents: incidents,
      isRestart: false, isAway: isAway, range: isClosed ? range : nil,
      seen: hasTrades ? range : nil, isLiquid: true, isRequested: isRequested, start: at(0),
      end: at(300), partlyFilled: [], isOrderNewsLate: false, isAhead: false,
      hasOwnChange: hasOwnChange, isTripOther: isTripOther
    ).finding()?.cause
  }

  /// What came of a fill of the entry.
  private func purchase(
    _ quantity: String, at price: String, side: Side = .buy
  ) -> TradeLog {
    let fill = Fill(
      order: id(1), id: 1, time: at(100), side: side, price: TestKit.price(price),
      quantity: TestKit.quantity(quantity), fee: .zero, liquidity: .maker)
    return log([.fill(fill, candle: 0, position: .zero)])
  }

  static let gaps: [(isReplacement: Bool, isRefused: Bool, cause: DifferenceCause)] = [
    (true, true, .replaceWindow), (true, false, .replaceWindow), (false, true, .fault),
    (false, false, .latency),
  ]

  @Test("A sale while there was no exit order", arguments: Self.gaps)
  func bareness(isReplacement: Bool, isRefused: Bool, cause expected: DifferenceCause) {
    let sale = Fill(
      order: id(2), id: 1, time: at(100), side: .sell, price: price("98"),
      quantity: quantity("1"), fee: .zero, liquidity: .taker)
    var evidence = PairEvidence()
    evidence.gaps = [.init(from: at(10), to: at(200), isReplacement: isReplacement)]
    let refusal = IncidentRow(.refused, "the exchange refuses it", time: at(20))
    let found = cause(
      simulated: log([.fill(sale, candle: 0, position: .zero)]), recorded: log(), evidence,
      incidents: isRefused ? [refusal] : [])
    #expect(found == expected)
  }

  @Test func `a candle that went by without the session is an absence`() {
    let stop = Order(
      id: id(2), side: .sell, limit: price("97"), trigger: price("98"), quantity: quantity("1"),
      submitted: at(100))
    let simulated = log([], [.submit(stop, role: .stop)])
    #expect(cause(simulated: simulated, recorded: log()) == .latency)
    #expect(cause(simulated: simulated, recorded: log(), isAway: true) == .fault)
    // It has not seen the highest price, though that has moved nothing yet.
    #expect(cause(simulated: log(), recorded: log(), isAway: true) == .fault)
  }

  @Test func `an order that ended for no reason of ours is a fault`() {
    let ended = log([.orderDone(id(1), .cancelled, because: nil, time: at(100))])
    var evidence = PairEvidence()
    evidence.endedUnasked = [1]
    #expect(cause(simulated: log(), recorded: ended, evidence) == .fault)
  }

  @Test func `a fill where nothing traded is odd only where all that traded is known`() {
    let ghost = purchase("1", at: "80")
    #expect(cause(simulated: log(), recorded: ghost) == .unexplained)
    // The candle goes on without the session, and with it the entry that it was told to take back.
    #expect(cause(simulated: log(), recorded: ghost, isClosed: false) == .data)
    #expect(
      cause(simulated: log(), recorded: ghost, isClosed: false, isRequested: true) == .operator)
    // So is a stop that has sold below all that the session saw.
    let sale = purchase("1", at: "80", side: .sell)
    #expect(cause(simulated: log(), recorded: sale, isClosed: false) == .data)
  }

  @Test func `less than the backtest's is a part also of a candle that was not closed`() {
    let (part, all) = (purchase("1", at: "95"), purchase("2", at: "95"))
    #expect(cause(simulated: all, recorded: part) == .partialFill)
    #expect(cause(simulated: all, recorded: part, isClosed: false) == .partialFill)
    // Of a pair without a trade that it saw, nobody knows how much could be had.
    #expect(
      cause(simulated: all, recorded: part, isClosed: false, hasTrades: false) == .data)
  }

  @Test func `what no word, price or account explains is unexplained`() {
    let ended = log([.orderDone(id(1), .cancelled, because: nil, time: at(100))])
    #expect(cause(simulated: log(), recorded: ended) == .unexplained)
    #expect(cause(simulated: log(), recorded: ended, hasOwnChange: true) == nil)
    #expect(cause(simulated: log(), recorded: ended, isTripOther: true) == nil)
    // How much another pair has left of the cash.
    let (small, large) = (log([], [entry("1")]), log([], [entry("2")]))
    #expect(cause(simulated: small, recorded: large) == nil)
  }

  @Test func `what nobody can explain names the step of several pairs, else what was first`() {
    let late = BlockFinding(.latency, at: at(20), "late")
    let lost = BlockFinding(.fault, at: at(10), "lost")
    let odd = BlockFinding(.unexplained, at: at(30), "odd")
    #expect(BlockFinding.leading([(pair: 0, finding: late), (pair: 1, finding: lost)])?.pair == 1)
    #expect(BlockFinding.leading([(pair: 0, finding: lost), (pair: 1, finding: odd)])?.pair == 1)
    #expect(BlockFinding.leading([])?.pair == nil)
  }
}

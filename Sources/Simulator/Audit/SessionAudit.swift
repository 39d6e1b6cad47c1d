import Execution
import Market
import Matching
import Persistence
import Reporting
import Strategy

/// Finds out why a recorded session and the backtest of its candles differ; decision note 17.
///
/// The value of a moment of the record is what the account comes to if from there on all goes as in
/// the backtest. The first is the backtest's result, the last the session's. Where the record does what
/// the simulated market would do, the value stays; where it does not, the change is what that was
/// worth, with all that follows from it. So the changes add up to the difference, exactly.
struct SessionAudit<S: TradingStrategy> {
  typealias Run = Backtest<S, TradeLog>
  /// Plays all that is left of the candles; made where the strategy's type is known, so that it is fast.
  typealias Play = (inout Run, inout [CandleTrack]) throws -> Void

  let steps: [RecordedStep]
  let starts: [Int64]
  let incidents: [IncidentRow]
  /// Where in the record operators have stopped the entries of a pair, or of all: at which event, or after
  /// which one where they were stopped already.
  let halts: [(event: Int64, pair: Int?)]
  let products: [Product]
  let account: StoreReader.AccountRow
  let plan: AuditPlan
  let play: Play

  let market: RecordedCandles
  let blocks: [AuditBlock]
  private let beginning: TradingState<S>
  /// The backtest's candles, by pair.
  private let candles: [[Candle]]
  /// How the markets behave, with the fees of the session once those are accounted for.
  private(set) var models: [MarketModel]

  /// The record up to the last block.
  var replay: RecordReplay<S>
  /// What the record traded up to there.
  var traded: RunItems
  /// The run that goes on from there as the backtest does.
  var current: Run
  /// What the account comes to if it does.
  private(set) var value: Money
  private var tally: DifferenceTally
  private(set) var causes: [AuditReport.Cause] = []
  /// The last block in which each cause had an effect.
  private var places: [Int] = []
  /// The block that is looked at; none while terms are compared.
  private var place = -1
  private let backtest: AuditReport.Side

  /// Reads a record and plays the backtest.
  ///
  /// - Throws: `StoreError` where it cannot be read or does not replay, `BacktestError`.
  init(_ store: Store, _ plan: AuditPlan, play: @escaping Play) throws {
    _ = try store.audit(S.self)
    self.plan = plan
    self.play = play
    beginning = try store.beginning(S.self)
    steps = try store.steps()
    starts = try store.starts()
    incidents = try store.reader.incidents()
    halts = try store.haltRequests().compactMap {
      [steps] request -> (event: Int64, pair: Int?)? in
      guard case .halt(let pair) = request.action else { return nil }
      // Of a record of before that was kept it is when the request was made.
      let event = request.event ?? steps.last { $0.time <= request.made }?.seq ?? 0
      return (event, pair)
    }.sorted { $0.event < $1.event }
    account = try store.reader.account()
    products = beginning.engines.map(\.settings.product)
    market = RecordedCandles(steps, intervals: beginning.engines.map(\.settings.interval))
    let files = plan.candles
    blocks = market.blocks(comparedWith: files)
    candles = beginning.engines.indices.map { [blocks] pair in
      blocks.flatMap(\.rounds).compactMap { $0.files[pair] }
    }
    models = plan.portfolio.pairs.map(\.model)
    replay = RecordReplay(beginning)
    traded = RunItems(pairs: beginning.engines.count)
    // The backtest as its settings have it.
    let state = Self.beginning(beginning, with: plan.portfolio.pairs.map(\.engine))
    var run = Run(goingOnFrom: state, models, at: Timestamp(nanoseconds: 0))
    current = run
    var tracks = candles.map { CandleTrack($0) }
    try play(&run, &tracks)
    var items = traded
    items.take(run.pairs.map(\.loop.journal))
    value = run.portfolio.equity
    tally = DifferenceTally(items)
    backtest = AuditReport.Side(items, equity: value)
  }

  /// The state before the first event with other terms.
  private static func beginning(
    _ state: TradingState<S>, with terms: [EngineSettings]
  ) -> TradingState<S> {
    let engines = zip(state.engines, terms).map { engine, other in
      var settings = engine.settings
      settings.product = other.product
      settings.takerRate = other.takerRate
      return ExecutionEngine(strategy: engine.strategy, settings: settings)
    }
    return TradingState(engines: engines, portfolio: state.portfolio)
  }

  /// Compares everything.
  ///
  /// - Throws: `BacktestError`, and what ends it.
  mutating func run() throws -> AuditReport {
    try compareTerms()
    for (index, block) in blocks.enumerated() {
      if index % 256 == 0 { try plan.goesOn() }
      place = index
      try compare(block)
    }
    place = blocks.count
    try compareTail()
    try compareAccount()
    return AuditReport(
      pairs: products.map(\.id), begin: blocks.first?.start ?? account.time,
      end: blocks.last.map { $0.last + beginning.engines[0].settings.interval } ?? account.time,
      candles: market.candles.reduce(0) { $0 + $1.count },
      otherCandles: blocks.flatMap(\.rounds).reduce(0) { sum, round in
        sum + products.indices.count { round.files[$0] != round.recorded[$0] }
      }, events: steps.count,
      cash: beginning.portfolio.account.cash, backtest: backtest,
      session: AuditReport.Side(traded, equity: value), causes: causes,
      differences: tally.differences(products))
  }

  // MARK: - Terms

  /// The exchange's steps and fees in the place of those of the settings.
  private mutating func compareTerms() throws {
    var terms = plan.portfolio.pairs.map(\.engine)
    let begin = blocks.first?.start ?? account.time
    var words: [String] = []
    for (pair, product) in products.enumerated() where terms[pair].product != product {
      words.append("\(product.id): " + Self.words(for: product, inPlaceOf: terms[pair].product))
      terms[pair].product = product
    }
    if !words.isEmpty {
      try go(
        on: Self.beginning(beginning, with: terms), at: begin,
        BlockFinding(.rounding, at: begin, words.joined(separator: "; ")), of: nil)
    }
    words = []
    for pair in products.indices {
      let before = (terms[pair].takerRate, models[pair])
      terms[pair].takerRate = beginning.engines[pair].settings.takerRate
      let fills = recordedFills(of: pair)
      models[pair].makerRate = ObservedRate.of(
        fills.filter { $0.liquidity == .maker }, expecting: before.1.makerRate)
      models[pair].takerRate = ObservedRate.of(
        fills.filter { $0.liquidity == .taker }, expecting: terms[pair].takerRate)
      let after = models[pair]
      guard before.0 != terms[pair].takerRate || before.1 != after else { continue }
      words.append(
        "\(products[pair].id): maker \(after.makerRate) and taker \(after.takerRate) in place of "
          + "\(before.1.makerRate) and \(before.1.takerRate)")
    }
    if words.isEmpty { return }
    try go(
      on: Self.beginning(beginning, with: terms), at: begin,
      BlockFinding(.fee, at: begin, words.joined(separator: "; ")), of: nil)
  }

  private static func words(for product: Product, inPlaceOf other: Product) -> String {
    var words: [String] = []
    if product.quoteIncrement != other.quoteIncrement {
      words.append("tick \(product.quoteIncrement) in place of \(other.quoteIncrement)")
    }
    if product.baseIncrement != other.baseIncrement {
      words.append("lot \(product.baseIncrement) in place of \(other.baseIncrement)")
    }
    if product.baseMinSize != other.baseMinSize {
      words.append("least size \(product.baseMinSize) in place of \(other.baseMinSize)")
    }
    if product.quoteMinSize != other.quoteMinSize {
      words.append("least notional \(product.quoteMinSize) in place of \(other.quoteMinSize)")
    }
    return words.joined(separator: ", ")
  }

  private func recordedFills(of pair: Int) -> [Fill] {
    steps.compactMap { step in
      guard step.pair == pair, case .report(let report) = step.event,
        case .filled(let fill) = report.news
      else { return nil }
      return fill
    }
  }

  private mutating func go(
    on state: TradingState<S>, at time: Timestamp, _ finding: BlockFinding, of pair: Int?
  ) throws {
    try go(
      on: Run(goingOnFrom: state, models, at: Timestamp(nanoseconds: 0)), from: time, finding,
      of: pair)
  }

  // MARK: - The way from the backtest to the session

  /// Goes on to another run: what the account comes to by it, less what it came to before, is what the
  /// cause was worth.
  ///
  /// - Parameters:
  ///   - run: Its journals hold what it traded in this block.
  ///   - next: The start of the first candle that it has not played.
  ///   - finding: Why it is another.
  ///   - pair: Whose it is; `nil` for all.
  /// - Throws: `BacktestError`.
  mutating func go(
    on run: Run, from next: Timestamp, _ finding: BlockFinding, of pair: Int?
  ) throws {
    var future = run
    var items = traded
    items.take(run.pairs.map(\.loop.journal))
    future.beginBlock()
    var tracks = candles.map { file in
      CandleTrack(file, from: file.partitioningIndex { $0.start >= next })
    }
    try play(&future, &tracks)
    items.take(future.pairs.map(\.loop.journal))
    note(finding, of: pair, items, equity: future.portfolio.equity)
    current = run
  }

  /// Notes a cause, if it changed anything; what goes on from candle to candle is one.
  mutating func note(
    _ finding: BlockFinding, of pair: Int?, _ items: RunItems, equity: Money
  ) {
    let worth = equity - value
    let name = pair.map { products[$0].id }
    let known = causes.indices.last {
      causes[$0].cause == finding.cause && causes[$0].pair == name && places[$0] >= place - 1
        && places[$0] >= 0
    }
    let number = (known ?? causes.count) + 1
    guard tally.adopt(items, cause: number) || worth != .zero else { return }
    value = equity
    if let known {
      causes[known].worth += worth
      if places[known] < place { causes[known].candles += 1 }
      places[known] = place
      return
    }
    causes.append(
      AuditReport.Cause(
        finding.cause, pair: name, time: finding.time, words: finding.words, worth: worth))
    places.append(place)
  }

  /// What the database says of the account beside its events.
  private mutating func compareAccount() throws {
    let state = replay.state.portfolio.account
    let worth = account.cash - state.cash
    guard worth != .zero else { return }
    note(
      BlockFinding(
        .unexplained, at: account.time,
        "the database has \(account.cash) in cash, its events lead to \(state.cash)"),
      of: nil, traded, equity: value + worth)
  }
}

extension AuditReport.Side {
  init(_ items: RunItems, equity: Money) {
    self.init(
      orders: items.count(of: .order), fills: items.count(of: .fill),
      positions: items.count(of: .position), equity: equity)
  }
}

extension Array {
  /// The first index from which on a condition holds that holds for everything behind as well.
  func partitioningIndex(where belongs: (Element) -> Bool) -> Int {
    var (low, high) = (startIndex, endIndex)
    while low < high {
      let middle = low + (high - low) / 2
      if belongs(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}

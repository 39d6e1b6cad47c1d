package import Execution
package import Market

/// What an engine does about a request: events for its pairs, in this order.
package struct OperatorStep: Sendable {
  /// Events and whose they are.
  package var events: [(pair: Int, event: Event)] = []
  /// Whether the breaker is reset.
  package var resetsBreaker = false
  /// The request that is carried out; `nil` where the record says what was done.
  package var request: OperatorRequest?
  /// When.
  package var time: Timestamp
}

/// Turns requests into steps and answers them, for whoever has the engines.
///
/// It looks at the record alone, so a simulated and a live session answer alike.
package final class OperatorDesk {
  private let desk: RequestDesk
  private let writer: StoreWriter
  private let products: [String]

  /// The operator's side of a writer.
  ///
  /// - Throws: `SQLiteError`.
  package init(_ store: Store, _ writer: StoreWriter) throws {
    desk = try RequestDesk(store)
    self.writer = writer
    products = store.pairs.map(\.product)
  }

  /// What is to be done next.
  ///
  /// While a run is played again it is what the record says was done here.
  ///
  /// - Parameter time: Now, as the run counts it.
  /// - Returns: `nil` where nothing is.
  /// - Throws: `SQLiteError`.
  package func next(at time: Timestamp) throws -> OperatorStep? {
    if let recorded = writer.nextRecorded { return recordedStep(recorded) }
    guard writer.isBeyondRecord else { return nil }
    for request in try desk.unanswered() {
      if let step = try step(for: request, at: time) { return step }
    }
    return nil
  }

  /// Says that a step's events were carried out.
  ///
  /// - Throws: `SQLiteError`.
  package func answer(_ step: OperatorStep) throws {
    guard let request = step.request else { return }
    try desk.answer(request.id, .done, outcome(of: request.action))
  }

  // MARK: - Steps

  private func recordedStep(_ recorded: RecordedEvent) -> OperatorStep? {
    var step = OperatorStep(time: recorded.time)
    guard let pair = recorded.pair else {
      step.resetsBreaker = recorded.body == PortfolioEventText.reset
      return step.resetsBreaker ? step : nil
    }
    guard products.indices.contains(pair) else { return nil }
    let scope = OrderScope(session: 0, pair: 0)  // None of these events names an order.
    guard let event = try? EventText.read(recorded.body, time: recorded.time, of: scope) else {
      return nil
    }
    switch event {
    case .forceExit, .halt, .resume, .cancelEntry(.requested, _): step.events = [(pair, event)]
    case .trade, .candleClosed, .clock, .report, .enter, .cancelEntry, .liquidate, .decide:
      return nil
    }
    return step
  }

  private func step(
    for request: OperatorRequest, at time: Timestamp
  ) throws -> OperatorStep? {
    var step = OperatorStep(request: request, time: time)
    switch request.action {
    case .forceExit(let pair, let position, let price):
      // Taken already: its event is in the record, only the answer is not.
      guard request.state == .waiting else { return try settle(step) }
      guard products.indices.contains(pair), let open = writer.position(of: pair),
        open.number == position
      else {
        return try refuse(request, "position \(name(pair, "p\(position)")) is not open")
      }
      guard price > .zero else { return try refuse(request, "its price is not above 0") }
      step.events = [(pair, .forceExit(price: price, time: time))]
    case .cancelOrder(let pair, let number):
      guard request.state == .waiting else { return try settle(step) }
      guard products.indices.contains(pair),
        let order = writer.workingOrder(number, of: pair), order.done == nil
      else {
        return try refuse(request, "order \(name(pair, "\(number)")) does not work")
      }
      guard order.role == .entry else {
        return try refuse(
          request,
          "order \(name(pair, "\(number)")) protects a position and stays: to sell, use "
            + "'positions force-exit'")
      }
      step.events = [(pair, .cancelEntry(.requested, time: time))]
    case .halt(let pair):
      for pair in affected(pair) where !writer.isHalted(pair) {
        step.events.append((pair, .halt(time: time)))
      }
      if step.events.isEmpty { return try settle(step) }
    case .resume(let pair):
      for pair in affected(pair) where writer.isHalted(pair) {
        step.events.append((pair, .resume(time: time)))
      }
      if step.events.isEmpty { return try settle(step) }
    case .resetBreaker:
      guard request.state == .waiting else { return try settle(step) }
      guard writer.isTripped else { return try refuse(request, "the breaker has not tripped") }
      step.resetsBreaker = true
    }
    // Whoever has left it may have taken it back since it was read.
    if request.state == .waiting, try !desk.claim(request.id) { return nil }
    writer.take(request.id)
    return step
  }

  private func affected(_ pair: Int?) -> [Int] {
    guard let pair else { return Array(products.indices) }
    return products.indices.contains(pair) ? [pair] : []
  }

  private func refuse(_ request: OperatorRequest, _ why: String) throws -> OperatorStep? {
    try desk.answer(request.id, .refused, why)
    return nil
  }

  /// Answers what has no event, or has it in the record already.
  private func settle(_ step: OperatorStep) throws -> OperatorStep? {
    guard let request = step.request else { return nil }
    try desk.answer(request.id, .done, outcome(of: request.action), after: writer.seq)
    return nil
  }

  // MARK: - Answers

  private func outcome(of action: OperatorRequest.Action) -> String {
    switch action {
    case .forceExit(let pair, let position, _):
      let name = name(pair, "p\(position)")
      guard let open = writer.position(of: pair), open.number == position else {
        return "position \(name) is sold"
      }
      let exits = writer.workingOrders(of: pair).filter { $0.role != .entry }
      guard let exit = exits.last(where: { $0.role == .forced }) ?? exits.last else {
        return "position \(name): the sale of \(open.held) is on its way"
      }
      return "position \(name): order \(self.name(pair, "\(exit.order.id.number)")) sells "
        + "\(exit.order.quantity) at \(exit.order.limit) or better (\(exit.state.rawValue))"
    case .cancelOrder(let pair, let number):
      let name = name(pair, "\(number)")
      guard let order = writer.workingOrder(number, of: pair), order.done == nil else {
        return "order \(name) is cancelled"
      }
      return "the end of order \(name) was asked for (\(order.state.rawValue))"
    case .halt(let pair):
      return "\(scope(pair)) halted: no entries until 'resume'; exits go on"
    case .resume(let pair): return "\(scope(pair)) may enter again"
    case .resetBreaker:
      guard let level = writer.levelStillReached else {
        return "the breaker is reset: entries are allowed"
      }
      return "the breaker is reset, but equity is not above its level of \(level): it trips again "
        + "at the next close unless equity rises"
    }
  }

  private func scope(_ pair: Int?) -> String {
    guard let pair else { return products.count == 1 ? products[0] : "all pairs" }
    return products.indices.contains(pair) ? products[pair] : "no pair"
  }

  private func name(_ pair: Int, _ number: String) -> String {
    (products.indices.contains(pair) ? products[pair] : "\(pair)") + "-" + number
  }
}

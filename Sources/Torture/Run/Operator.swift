import Execution
import Locking
import Market
import Persistence
import TestKit

/// Somebody who steers the session while it runs, or is dead, with the runner's own commands on its database:
/// one after the other, as the plan says.
final class Operator: Sendable {
  private struct State {
    /// What is not due yet.
    var left: [OperatorAct]
    /// What is due, in the order in which it came to be.
    var due: [OperatorAct] = []
    /// What is being done.
    var current: OperatorAct?
    var process: ChildProcess?
    var commands = 0
    var waits = 0
    /// How much news there was so far.
    var events = 0
    var isOver = false
    /// How often each command came to what.
    var counts: [String: Int] = [:]
  }

  /// How long the market waits at each piece of news for an answer that is awaited.
  private static let wait = Duration.milliseconds(20)
  /// And so often in a seed: an exchange that serves nobody may keep a session from answering.
  private static let mostWaits = 150
  /// So much news passes until it is looked again for what was not there: each look reads the store.
  private static let newsBetweenLooks = 100
  /// Seconds that a command waits for its answer: a session looks for requests fifty times a second.
  private static let patience = 3

  private let program: String
  private let folder: String
  private let products: [Product]
  private let prices: @Sendable () -> [Price?]
  private let note: @Sendable (Happening) -> Void
  private let state: Locked<State>

  /// An operator who has done nothing yet.
  ///
  /// - Parameters:
  ///   - program: The runner.
  ///   - folder: Where the session works; what commands tell goes into `operator-1.txt` and so on.
  ///   - acts: What is to be done.
  ///   - products: What is traded, in the order of registration.
  ///   - prices: Says the last price of each.
  ///   - note: Hears of commands and their answers.
  init(
    _ program: String, in folder: String, acts: [OperatorAct], products: [Product],
    prices: @escaping @Sendable () -> [Price?], note: @escaping @Sendable (Happening) -> Void
  ) {
    self.program = program
    self.folder = folder
    self.products = products
    self.prices = prices
    self.note = note
    state = Locked(State(left: acts))
  }

  /// How often each command came to what, such as `halt done`.
  var counts: [String: Int] { state.withLock { $0.counts } }

  /// Does what is due; called before any client has the news.
  ///
  /// - Parameter count: What was seen so far.
  /// - Returns: How long the market is to wait for an answer.
  func look(at count: Witness.Count) -> Duration {
    let (wait, isFirst) = state.withLock { state in
      state.events = count.events
      let before = state.current == nil && state.due.isEmpty
      for act in state.left where !state.isOver && act.isDue(at: count) { state.due.append(act) }
      state.left.removeAll { !state.isOver && $0.isDue(at: count) }
      let isFirst = before && !state.due.isEmpty
      if isFirst { state.current = state.due.removeFirst() }
      guard state.current?.isAwaited ?? false, state.waits < Self.mostWaits else {
        return (Duration.zero, isFirst)
      }
      state.waits += 1
      return (Self.wait, isFirst)
    }
    if isFirst { Task { await work() } }
    return wait
  }

  /// Does what is to be done while no session runs.
  ///
  /// - Parameter number: The process that has ended.
  func serve(endOf number: Int) async {
    let (isFirst, hasAny) = state.withLock { state in
      let before = state.current == nil && state.due.isEmpty
      let acts = state.left.filter { $0.occasion == .afterEnd(number) }
      guard !acts.isEmpty, !state.isOver else { return (false, false) }
      state.left.removeAll { $0.occasion == .afterEnd(number) }
      state.due += acts
      if before { state.current = state.due.removeFirst() }
      return (before, true)
    }
    if isFirst { await work() }
    while hasAny, isBusy { try? await Task.sleep(for: .milliseconds(5)) }
  }

  /// Begins nothing more, and waits for the command that is under way.
  func rest() async {
    state.withLock { state in
      state.isOver = true
      state.due = []
    }
    while isBusy { try? await Task.sleep(for: .milliseconds(5)) }
  }

  /// Does nothing more.
  func abandon() {
    state.withLock { state in
      state.isOver = true
      state.due = []
      state.process?.send(9)
    }
  }

  private var isBusy: Bool { state.withLock { $0.current != nil } }

  private func work() async {
    while let act = next {
      // Where the store cannot be read, as before it is there, there is nothing to do it to either.
      if let action = try? action(of: act.verb, prices()) {
        let answer = await carryOut(action)
        state.withLock { $0.counts["\(action.name) \(answer.rawValue)", default: 0] += 1 }
      } else {
        postpone(act)
      }
      state.withLock { $0.current = $0.due.isEmpty ? nil : $0.due.removeFirst() }
    }
  }

  /// What is to be done now; after the end nothing is.
  private var next: OperatorAct? {
    state.withLock { state in
      if state.isOver { state.current = nil }
      return state.current
    }
  }

  /// There is nothing to do it to: later there may be.
  private func postpone(_ act: OperatorAct) {
    state.withLock { state in
      var act = act
      act.occasion = .atEvent(state.events + Self.newsBetweenLooks)
      state.left.append(act)
    }
  }

  /// What a command of the runner asks of the session.
  ///
  /// - Throws: Where the store cannot be read, as before it is there.
  /// - Returns: `nil` where there is nothing to do it to.
  private func action(
    of verb: OperatorAct.Verb, _ prices: [Price?]
  ) throws -> OperatorRequest.Action? {
    try Store.look(at: Store.Location(path: "\(folder)/store.db")) { store in
      switch verb {
      case .halt(let pair): return .halt(pair: pair)
      case .resume(let pair): return .resume(pair: pair)
      case .resetBreaker: return try store.reader.account().trip == nil ? nil : .resetBreaker
      case .forceExit(let choice, let distance):
        let open = try store.pairs.indices.compactMap { pair in
          try store.reader.positions(of: pair).last { $0.closed == nil }.map { (pair, $0.number) }
        }
        guard !open.isEmpty else { return nil }
        let (pair, number) = open[choice % open.count]
        guard let last = prices[pair] else { return nil }
        let product = products[pair]
        let price = product.floorTick(
          Price(steps: last.steps / 10_000 * Int64(10_000 + distance)))
        return .forceExit(pair: pair, position: number, price: product.atLeastOneTick(price))
      case .cancelEntry(let choice):
        let entries = try store.pairs.indices.compactMap { pair in
          try store.reader.orders(of: pair).last { $0.role == .entry && $0.done == nil }
            .map { (pair, $0.order.id.number) }
        }
        guard !entries.isEmpty else { return nil }
        let (pair, number) = entries[choice % entries.count]
        return .cancelOrder(pair: pair, number: number)
      }
    }
  }

  private func carryOut(_ action: OperatorRequest.Action) async -> Happening.Answer {
    let number = state.withLock { state in
      state.commands += 1
      return state.commands
    }
    note(.asked(action))
    var streams = ChildProcess.Streams()
    streams.output = "\(folder)/operator-\(number).txt"
    streams.errors = nil
    let words =
      action.words(products.map(\.id)) + ["--db", "store.db", "--timeout", "\(Self.patience)"]
    var answer = Happening.Answer.unknown
    // A command that cannot be started is one of which nobody knows what came of it.
    if let process = try? ChildProcess(program, words, in: folder, streams: streams) {
      state.withLock { $0.process = process }
      while process.code == nil { try? await Task.sleep(for: .milliseconds(5)) }
      answer = Happening.Answer(code: process.code ?? 0, text: Folder.text(of: streams.output))
      state.withLock { $0.process = nil }
    }
    note(.answered(action, answer))
    return answer
  }
}

extension OperatorAct {
  /// Whether its time has come, and there may be something to do it to.
  func isDue(at count: Witness.Count) -> Bool {
    guard case .atEvent(let number) = occasion, number <= count.events else { return false }
    return switch verb {
    case .halt, .resume, .resetBreaker: true
    case .forceExit: count.isHolding
    case .cancelEntry: count.isEntering
    }
  }
}

extension OperatorRequest.Action {
  /// What the command is called.
  var name: String {
    switch self {
    case .halt: "halt"
    case .resume: "resume"
    case .forceExit: "force-exit"
    case .cancelOrder: "cancel"
    case .resetBreaker: "reset"
    }
  }

  /// The words of the command.
  ///
  /// - Parameter products: The pairs' products.
  /// - Returns: What follows the program's name.
  func words(_ products: [String]) -> [String] {
    switch self {
    case .halt(let pair): ["halt"] + (pair.map { ["--pair", products[$0]] } ?? [])
    case .resume(let pair): ["resume"] + (pair.map { ["--pair", products[$0]] } ?? [])
    case .forceExit(let pair, let position, let price):
      ["positions", "force-exit", "\(products[pair])-p\(position)", "--price", "\(price)"]
    case .cancelOrder(let pair, let number): ["orders", "cancel", "\(products[pair])-\(number)"]
    case .resetBreaker: ["breaker", "reset"]
    }
  }
}

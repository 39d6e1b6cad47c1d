import Execution
import Market
import Reporting

/// Where an order, a fill or a position stands in a run, whatever its number: by the decision that its
/// entry was made at, then by its place.
struct ItemKey: Hashable, Comparable, Sendable {
  var entry: Timestamp
  var pair: Int
  /// 0 for the entry, from 1 on for its exits in the order of submission.
  var order: Int
  /// 0 for the order itself, from 1 on for its fills.
  var fill: Int
  /// Whether it is the position that came of the entry.
  var isPosition = false

  static func < (left: Self, right: Self) -> Bool {
    (left.entry, left.pair, left.isPosition ? 1 : 0, left.order, left.fill)
      < (right.entry, right.pair, right.isPosition ? 1 : 0, right.order, right.fill)
  }

  var kind: AuditReport.Kind { isPosition ? .position : fill > 0 ? .fill : .order }

  var name: String {
    if isPosition { return "position" }
    let order = order == 0 ? "entry" : "exit \(order)"
    return fill == 0 ? order : "\(order) fill \(fill)"
  }
}

/// What an order, a fill or a position came to.
enum Item: Hashable, Sendable {
  case order(
    role: OrderRole, limit: Price, trigger: Price?, quantity: Quantity, submitted: Timestamp,
    ending: OrderState?, done: Timestamp?)
  case fill(Fill)
  case position(
    reason: ExitReason, quantity: Quantity, realised: Money, closed: Timestamp)
}

/// Everything that a run traded, each thing under its key.
struct RunItems: Sendable {
  private(set) var items: [ItemKey: Item] = [:]
  private var pairs: [PairItems]

  /// Where a pair is in its own story.
  private struct PairItems: Sendable {
    var entry = Timestamp(nanoseconds: 0)
    var exits = 0
    var keys: [UInt64: ItemKey] = [:]
    var fills: [UInt64: Int] = [:]
  }

  /// A run of so many pairs that has not begun.
  init(pairs: Int) { self.pairs = Array(repeating: PairItems(), count: pairs) }

  /// Takes what each pair traded next.
  mutating func take(_ logs: [TradeLog]) {
    for (pair, log) in logs.enumerated() {
      for entry in log.entries { take(entry, of: pair) }
    }
  }

  private mutating func take(_ entry: TradeLog.Entry, of pair: Int) {
    switch entry {
    case .submit(let order, let role):
      if role == .entry {
        pairs[pair].entry = order.submitted
        pairs[pair].exits = 0
      } else {
        pairs[pair].exits += 1
      }
      let place = role == .entry ? 0 : pairs[pair].exits
      let key = ItemKey(entry: pairs[pair].entry, pair: pair, order: place, fill: 0)
      pairs[pair].keys[order.id.number] = key
      items[key] = .order(
        role: role, limit: order.limit, trigger: order.trigger, quantity: order.quantity,
        submitted: order.submitted, ending: nil, done: nil)
    case .fill(var fill):
      let number = fill.order.number
      guard var key = pairs[pair].keys[number] else { return }
      let count = pairs[pair].fills[number, default: 0] + 1
      pairs[pair].fills[number] = count
      key.fill = count
      // Its order's number is another where another order came before.
      fill.order = ClientOrderID(session: 0, pair: fill.order.pair, number: 0)
      items[key] = .fill(fill)
    case .done(let number, let ending, let time):
      guard let key = pairs[pair].keys[number],
        case .order(let role, let limit, let trigger, let quantity, let submitted, _, _) =
          items[key]
      else { return }
      items[key] = .order(
        role: role, limit: limit, trigger: trigger, quantity: quantity, submitted: submitted,
        ending: ending, done: time)
    case .trade(let trade):
      guard let entry = pairs[pair].keys[trade.entryOrder] else { return }
      var key = entry
      key.isPosition = true
      items[key] = .position(
        reason: trade.exitReason, quantity: trade.quantity, realised: trade.realised,
        closed: trade.exitTime)
    }
  }

  /// How many there are of a kind.
  func count(of kind: AuditReport.Kind) -> Int { items.keys.count { $0.kind == kind } }
}

/// Which cause has last changed what, on the way from the backtest to the session.
struct DifferenceTally: Sendable {
  private let first: [ItemKey: Item]
  private var current: [ItemKey: Item]
  private var causes: [ItemKey: Int] = [:]

  /// Begins with the backtest.
  init(_ backtest: RunItems) {
    first = backtest.items
    current = first
  }

  /// Goes on to the run that a cause makes of it.
  ///
  /// - Returns: Whether anything is another.
  mutating func adopt(_ run: RunItems, cause: Int) -> Bool {
    var isOther = false
    for (key, item) in run.items where current[key] != item {
      causes[key] = cause
      isOther = true
    }
    for key in current.keys where run.items[key] == nil {
      causes[key] = cause
      isOther = true
    }
    current = run.items
    return isOther
  }

  /// What is not the same in the backtest and where the way has led to.
  func differences(_ products: [Product]) -> [AuditReport.Difference] {
    causes.keys.filter { first[$0] != current[$0] }.sorted().map { key in
      let product = products[key.pair]
      return AuditReport.Difference(
        key.kind, pair: product.id, entry: key.entry, name: key.name,
        backtest: first[key]?.text, session: current[key]?.text, cause: causes[key] ?? 0)
    }
  }
}

extension Item {
  /// What a person reads.
  var text: String {
    switch self {
    case .order(let role, let limit, let trigger, let quantity, let submitted, let ending, let done):
      "\(role.rawValue) \(quantity) at \(limit)"
        + (trigger.map { " below \($0)" } ?? "") + ", \(submitted)"
        + (ending.map { " \($0.rawValue)" } ?? " working") + (done.map { " \($0)" } ?? "")
    case .fill(let fill):
      "\(fill.side.rawValue) \(fill.quantity) at \(fill.price), fee \(fill.fee) "
        + "\(fill.liquidity.rawValue), \(fill.time)"
    case .position(let reason, let quantity, let realised, let closed):
      "\(quantity), realised \(realised), \(reason.rawValue) \(closed)"
    }
  }
}

import Execution
import Market

/// What is to be done at the exchange for one pair, one thing after the other.
///
/// Pairs do not wait for each other; within a pair an answer is dealt with before the next request is
/// sent, as in the simulation.
struct Lane: Sendable {
  /// One thing to do.
  enum Work: Sendable {
    /// Send an order, or ask for the end of one.
    case command(Command)
    /// An order has fills that the engine does not know, or has ended.
    case look(ClientOrderID, Sight)
    /// The exchange has another order of the name of one that it has already.
    case twin(String)
    /// Compare the pair's orders with those that work at the exchange.
    case reconcile([ExchangeOrder])

    /// Whether it is a look.
    var isLook: Bool { if case .look = self { true } else { false } }

    /// Whether it is a look at all there is.
    var isReconcile: Bool { if case .reconcile = self { true } else { false } }

    /// What was told of an order, where it is a look at that.
    func sight(of order: ClientOrderID?) -> Sight? {
      if case .look(let id, let sight) = self, id == order { sight } else { nil }
    }
  }

  /// What the exchange has told of an order without being asked.
  struct Sight: Hashable, Sendable {
    /// How much is filled; `nil` where it did not say.
    var filled: Quantity?
    /// How far it has come; `nil` where it did not say.
    var status: ExchangeOrder.Status?
    /// Why it ended, in the exchange's words.
    var reason = ""
  }

  /// Not begun.
  var work: [Work] = []
  /// Whether somebody works on it.
  var isRunning = false
  /// The order that is being sent.
  var sending: ClientOrderID?
  /// The exit whose end was asked for at the exchange last; it may be over, also for the engine.
  var ending: ClientOrderID?
  /// Whether what is being done waits for what an exit needs.
  var isOvertaken = false
  /// Orders whose fills are being read.
  var reading: Set<ClientOrderID> = []
  /// When what is being done was begun.
  var began = ContinuousClock.now
  /// Who waits for it to be empty.
  var waiting: [Int: CheckedContinuation<Void, Never>] = [:]

  /// An exit order that is too small for the exchange, or of coins that are gone: it waits for more;
  /// SEMANTICS 5.9.
  var dust: ClientOrderID?
  /// Coins that exits are refused for want of; `nil` once one was taken.
  ///
  /// It outlives the order, which makes way for another where the market moves.
  var shortage: Shortage?
  /// How much less was taken than the engine had asked for, where coins were missing.
  var lack: Quantity?
  /// Trigger and limit of the stop that was there before the one that is placed now.
  var lastStop: (trigger: Price, limit: Price)?
  /// The product as the exchange has it now, where an order was refused for its digits.
  var product: Product?
  /// How long a stop waits that follows one which the exchange took and then failed.
  var setback: Backoff?
  /// How long whoever has an order's end refused waits before that is told, and asked for again; `nil` where the
  /// exchange did not refuse the last one.
  var reluctance: Backoff?
  /// When a purchase was heard of last.
  var lastPurchase: ContinuousClock.Instant?
  /// When that was, by the exchange's clock.
  var bought = Timestamp(nanoseconds: 0)
  /// When a sale was heard of last.
  var lastSale: ContinuousClock.Instant?
  /// When a stop was moved up last.
  var lastReplacement: ContinuousClock.Instant?

  /// Coins that an exit is refused for want of.
  struct Shortage: Sendable {
    /// When it was so first.
    let since = ContinuousClock.now
    /// When somebody looked last where they are.
    var looked: ContinuousClock.Instant?
  }

  /// Whether an order is on its way, or is about to be.
  func isSending(_ id: ClientOrderID) -> Bool {
    sending == id
      || work.contains {
        if case .command(.submit(let order, _)) = $0 { order.id == id } else { false }
      }
  }

  /// Where the wish for an order's end waits; `nil` where it does not.
  func placeOfCancel(of id: ClientOrderID?) -> Int? {
    work.firstIndex {
      if case .command(.cancel(let other, _)) = $0 { other == id } else { false }
    }
  }

  /// Whether nothing is left to be done.
  var isIdle: Bool { work.isEmpty && !isRunning }
}

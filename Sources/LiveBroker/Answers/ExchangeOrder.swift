package import Market

/// An order as the exchange has it, whichever of the APIs said so.
package struct ExchangeOrder: Hashable, Sendable {
  /// How far it has come.
  package enum Status: Hashable, Sendable {
    /// Taken in, not in the book yet.
    case pending
    /// In the book, or a stop that waits; partly filled, perhaps.
    case open
    /// Filled to the end.
    case filled
    /// Cancelled; what was filled before stays filled.
    case cancelled
    /// Its time was over.
    case expired
    /// Refused after it had been taken in.
    case failed
    /// In a queue of the exchange, not in the book yet.
    case queued
    /// A cancel is on its way; it can still fill.
    case cancelQueued
    /// An edit is on its way; it can still fill.
    case editQueued
    /// Something new: look again.
    case unknown(String)

    /// Whether it can still fill; of what is unknown that must be assumed.
    package var isWorking: Bool {
      switch self {
      case .pending, .open, .queued, .cancelQueued, .editQueued, .unknown: true
      case .filled, .cancelled, .expired, .failed: false
      }
    }
  }

  /// What was asked for.
  package enum Terms: Hashable, Sendable {
    /// A limit order.
    case limit(Price, isPostOnly: Bool, timeInForce: TimeInForce)
    /// A stop-limit order.
    case stopLimit(trigger: Price, limit: Price, direction: StopDirection)
    /// An order that Ratchet never sends, by the exchange's name of its kind.
    case other(String)
  }

  /// How long an order stays.
  package enum TimeInForce: String, Hashable, Sendable {
    /// Until it is cancelled.
    case goodTillCancelled = "gtc"
    /// Until a time.
    case goodTillTime = "gtd"
    /// What does not fill at once is cancelled.
    case immediateOrCancel = "ioc"
    /// All at once or not at all.
    case fillOrKill = "fok"
  }

  /// Which way the price must go to trigger a stop.
  package enum StopDirection: Hashable, Sendable {
    /// To the trigger or below: a protective sell.
    case down
    /// To the trigger or above.
    case up
  }

  /// Where a stop stands.
  package enum Trigger: Hashable, Sendable {
    /// No stop.
    case none
    /// It waits.
    case waiting
    /// It has become a limit order.
    case triggered
    /// The exchange does not say.
    case unknown
  }

  /// The exchange's name of it.
  package var id: String
  /// The name that we, or somebody else, gave it; may be empty.
  package var clientID: String
  /// Of which product.
  package var productID: String
  /// Buy or sell.
  package var side: Side
  /// What was asked for.
  package var terms: Terms
  /// How much was asked for, in base currency; `nil` where it was asked for in quote currency.
  package var quantity: Quantity?
  /// How far it has come.
  package var status: Status
  /// Whether a cancel has been asked for and is not over.
  package var isCancelPending: Bool
  /// Whether it is a stop, and has been triggered.
  package var trigger: Trigger
  /// How much of it is filled, in base currency, rounded down at the 8th decimal.
  package var filled: Quantity
  /// Price × quantity of all fills.
  package var filledValue: Money
  /// The mean price of the fills, computed, hence off the tick; `nil` without any.
  package var averagePrice: Money?
  /// The fees of all fills.
  package var fees: Money
  /// What it holds of the account now, where the exchange says.
  package var held: Money?
  /// When it was placed.
  package var created: Timestamp?
  /// Why it failed or was cancelled, in the exchange's words; empty where it says nothing.
  package var reason: String

  /// The name we gave it, if it is one of Ratchet's.
  package var ownID: ClientOrderID? { ClientOrderID(text: clientID) }

  /// Why a failed order was refused, as the engine sees it; `nil` of an order that was not.
  package var rejection: Rejection? {
    switch status {
    case .failed: RefusalKind(reasons: [reason], words: reason).rejection
    case .pending, .open, .filled, .cancelled, .expired, .queued, .cancelQueued, .editQueued,
      .unknown:
      nil
    }
  }
}

extension ClientOrderID {
  /// Reads an id as it was sent: a UUID, with or without its hyphens; `nil` if it is none of ours.
  package init?(text: String) {
    let digits = text.filter { $0 != "-" }
    guard digits.utf8.count == 32, digits.allSatisfy(\.isHexDigit),
      let uuid = UInt128(digits, radix: 16)
    else { return nil }
    self.init(uuid: uuid)
  }
}

package import Market

/// What an operator wants of the engine that writes a store: a row of `requests`.
package struct OperatorRequest: Hashable, Sendable {
  /// What is wanted.
  package enum Action: Hashable, Sendable {
    /// Sell a position at this limit now; SEMANTICS 5.10.
    case forceExit(pair: Int, position: Int, price: Price)
    /// End an entry that works.
    case cancelOrder(pair: Int, number: UInt64)
    /// No more entries of this pair, or of all.
    case halt(pair: Int?)
    /// Entries again.
    case resume(pair: Int?)
    /// Entries again after the breaker has tripped.
    case resetBreaker
  }

  /// How far it is.
  package enum State: String, Hashable, Sendable {
    /// No engine has seen it.
    case waiting
    /// It is being acted on.
    case taken
    /// It was done.
    case done
    /// It was not.
    case refused
  }

  /// Counts the requests of a store.
  package var id: Int64
  /// When it was made.
  package var made: Timestamp
  /// What is wanted.
  package var action: Action
  /// How far it is.
  package var state: State
  /// What came of it; `nil` before.
  package var answer: String?
  /// The event that carries it out, or where all was so already the last one before; `nil` until an engine
  /// is about to act on it, 0 from then on.
  package var event: Int64?
}

extension OperatorRequest {
  /// Reads a row of `columns`.
  init(_ row: borrowing Statement) throws(SQLiteError) {
    let pair: Int? = try row.value(at: 3)
    func required() throws(SQLiteError) -> Int {
      guard let pair else { throw row.unexpected(at: 3, expected: "a pair") }
      return pair
    }
    switch try row.value(at: 2, as: String.self) {
    case "force_exit":
      action = .forceExit(
        pair: try required(), position: Int(try row.number(at: 4)), price: try row.value(at: 5))
    case "cancel_order":
      action = .cancelOrder(pair: try required(), number: try row.number(at: 4))
    case "halt": action = .halt(pair: pair)
    case "resume": action = .resume(pair: pair)
    case "breaker_reset": action = .resetBreaker
    default: throw row.unexpected(at: 2, expected: "a kind of request")
    }
    id = try row.value(at: 0)
    made = try row.value(at: 1)
    state = try row.named(at: 6)
    answer = try row.value(at: 7)
    let seq: Int64? = try row.value(at: 8)
    event = seq.map { Int64(clamping: $0.magnitude) }
  }

  /// The columns in the order in which they are read.
  ///
  /// `seq` is below 0 where it is of an event that does not carry the request out: steps go by those that do.
  static let columns = "id, made, kind, pair, number, price, state, answer, seq"
}

extension OperatorRequest.Action {
  /// The words of the row.
  var fields: (kind: String, pair: Int?, number: Int64?, price: Price?) {
    switch self {
    case .forceExit(let pair, let position, let price):
      ("force_exit", pair, Int64(position), price)
    case .cancelOrder(let pair, let number): ("cancel_order", pair, Int64(number), nil)
    case .halt(let pair): ("halt", pair, nil, nil)
    case .resume(let pair): ("resume", pair, nil, nil)
    case .resetBreaker: ("breaker_reset", nil, nil, nil)
    }
  }
}

/// Something that an operator does to a session, by a command of the runner beside it.
package struct OperatorAct: Hashable, Sendable {
  /// What is done.
  package enum Verb: Hashable, Sendable {
    /// No more entries, of one pair or of all.
    case halt(pair: Int?)
    /// Entries again.
    case resume(pair: Int?)
    /// Sells one of the open positions at so many hundredths of a percent above the last price, or below it.
    case forceExit(choice: Int, distance: Int)
    /// Ends one of the entries that work.
    case cancelEntry(choice: Int)
    /// Entries again after the breaker has tripped.
    case resetBreaker
  }

  /// When it is done: where there is nothing to do it to, as soon afterwards as there is.
  package enum Occasion: Hashable, Sendable {
    /// When the exchange has had so many events.
    case atEvent(Int)
    /// Between the end of the so many-th process and the start of the next one, when nobody listens.
    case afterEnd(Int)
  }

  /// What is done.
  package var verb: Verb
  /// When.
  package var occasion: Occasion
  /// Whether the market waits for the answer, which else comes some candles later.
  package var isAwaited: Bool

  /// An act of these parts.
  package init(_ verb: Verb, _ occasion: Occasion, isAwaited: Bool = false) {
    self.verb = verb
    self.occasion = occasion
    self.isAwaited = isAwaited
  }
}

extension OperatorAct: CustomStringConvertible {
  /// Such as `operator: halt of all at event 70`.
  package var description: String {
    let what =
      switch verb {
      case .halt(let pair): "halt of \(pair.map { "pair \($0)" } ?? "all")"
      case .resume(let pair): "resume of \(pair.map { "pair \($0)" } ?? "all")"
      case .forceExit(let choice, let distance): "force-exit of \(choice), price \(distance) bp off"
      case .cancelEntry(let choice): "cancel of entry \(choice)"
      case .resetBreaker: "breaker reset"
      }
    let when =
      switch occasion {
      case .atEvent(let count): "at event \(count)"
      case .afterEnd(let number): "after end \(number)"
      }
    return "operator: \(what) \(when)\(isAwaited ? ", awaited" : "")"
  }
}

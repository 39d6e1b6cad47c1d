package import Market

/// Why a request has no answer that could be used, and what may be done about it.
package struct ExchangeError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What happened.
  package enum Problem: Hashable, Sendable {
    /// The exchange refuses the order; it does not exist.
    case refused(OrderRefusal)
    /// The exchange does not understand the request; nothing was done.
    case invalid(String)
    /// The key, its signature or the time is not accepted; nothing was done. Coinbase also says so at
    /// random, and where it means that there were too many requests.
    case unauthorized(String)
    /// The key may not do this.
    case forbidden(String)
    /// There is no such order or product: the exchange itself says so, and no proxy before it.
    case notFound(String)
    /// Too many requests; nothing was done. How long to wait, where the exchange says.
    case rateLimited(TimeSpan?)
    /// The exchange, or something before it, has failed; what was asked for may have been done.
    case unavailable(status: Int)
    /// The exchange said yes, in an answer that cannot be read.
    case unreadable(String)
    /// No answer came, or only a part of it.
    case lost(String)
    /// A status that is documented nowhere, or a 404 in nobody's words.
    case unexpected(status: Int)
  }

  /// Whether the request may be sent again.
  package enum Repetition: Hashable, Sendable {
    /// As it is, after a pause.
    case safe
    /// After waiting as long as the exchange asks.
    case afterLimit(TimeSpan?)
    /// Once, signed anew.
    case signedAnew
    /// Only after the order was looked up by its client order id: it may exist.
    case afterLookUp
    /// Never: the answer would be the same.
    case pointless
  }

  /// Method and path.
  package var request: String
  /// What happened.
  package var problem: Problem
  /// Whether the request may be sent again.
  package var repetition: Repetition

  /// A problem with a request.
  package init(request: ExchangeRequest, problem: Problem) {
    self.request = request.name
    self.problem = problem
    // What is in doubt depends on the request: reading twice harms nobody.
    let inDoubt: Repetition = request.repetition == .harmless ? .safe : .afterLookUp
    repetition =
      switch problem {
      case .refused(let refusal): refusal.kind.passes ? .safe : .pointless
      case .invalid, .forbidden, .notFound: .pointless
      case .unauthorized: .signedAnew
      case .rateLimited(let wait): .afterLimit(wait)
      case .unavailable, .unreadable, .lost, .unexpected: inDoubt
      }
  }

  /// What the engine is told about an order; `nil` where nobody knows whether there is one.
  package var rejection: Rejection? {
    switch problem {
    case .refused(let refusal): refusal.rejection
    case .invalid, .unauthorized, .forbidden, .notFound, .rateLimited: .other
    case .unavailable, .unreadable, .lost, .unexpected: repetition == .afterLookUp ? nil : .other
    }
  }

  /// Whether the request may reach the exchange later: it broke off, or a proxy before the exchange has
  /// given up waiting for the answer.
  ///
  /// An exchange that has answered, whatever it says, has done with the request.
  package var mayBeOnItsWay: Bool {
    switch problem {
    case .lost: true
    case .unavailable(let status): status == 502 || status == 504 || status >= 520
    case .refused, .invalid, .unauthorized, .forbidden, .notFound, .rateLimited, .unreadable,
      .unexpected:
      false
    }
  }

  /// One line for the user: what, where, what next.
  package var description: String {
    let next =
      switch repetition {
      case .safe: "It is tried again."
      case .afterLimit(let wait):
        wait.map { "It is tried again in \($0.seconds) s." } ?? "It is tried again after a pause."
      case .signedAnew:
        "It is tried once more, signed anew. If it goes on: compare the clock with the exchange's, "
          + "and run 'runner credentials check'."
      case .afterLookUp: "The order is looked up by its client order id before anything else."
      case .pointless: "It is not tried again."
      }
    // Other people's words may come with their own full stop.
    let end = fact.hasSuffix(".") ? "" : "."
    return "\(request): \(fact)\(end) \(next)"
  }

  /// What happened, without what is done about it.
  package var fact: String {
    switch problem {
    case .refused(let refusal): "refused: \(refusal)"
    case .invalid(let words): "the exchange does not take the request: \(words)"
    case .unauthorized(let words): "not authorized: \(words)"
    case .forbidden(let words): "the key may not do this: \(words)"
    case .notFound(let words): "not found: \(words)"
    case .rateLimited: "too many requests"
    case .unavailable(let status): "the exchange has failed (HTTP \(status))"
    case .unreadable(let words): "the answer cannot be read: \(words)"
    case .lost(let words): "no answer: \(words)"
    case .unexpected(let status): "an answer that is documented nowhere (HTTP \(status))"
    }
  }
}

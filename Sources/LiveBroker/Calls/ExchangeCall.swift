import JSON

/// A request and how its answer is read: all that a client needs to know of an endpoint.
///
/// It sends nothing. The shell signs `request`, sends it, and hands what came back to `answer(to:)`.
package struct ExchangeCall<Answer: Sendable>: Sendable {
  /// What to send.
  package var request: ExchangeRequest
  /// Reads the body of an answer whose status says that all is well.
  private let decode: @Sendable (JSONValue, HTTPAnswer) throws(CallFault) -> Answer
  /// Reads the body of a refusal.
  private let api: ExchangeAPI

  init(
    _ request: ExchangeRequest, of api: ExchangeAPI,
    decode: @escaping @Sendable (JSONValue, HTTPAnswer) throws(CallFault) -> Answer
  ) {
    self.request = request
    self.api = api
    self.decode = decode
  }

  /// Reads an answer.
  ///
  /// - Throws: `ExchangeError`: a refusal, or an answer that is not what is documented. After an order
  ///   was sent the latter says that nobody knows whether there is one.
  package func answer(to answer: HTTPAnswer) throws(ExchangeError) -> Answer {
    guard (200..<300).contains(answer.status) else {
      throw ExchangeError(answer, to: request, of: api)
    }
    do {
      return try decode(try JSONValue(parsing: answer.body), answer)
    } catch let error as JSONError {
      throw ExchangeError(request: request, problem: .unreadable("\(error)"))
    } catch let error as CallFault {
      switch error {
      case .refused(let refusal):
        throw ExchangeError(request: request, problem: .refused(refusal))
      case .defect(let defect):
        throw ExchangeError(request: request, problem: .unreadable("\(defect)"))
      case .notFound(let text): throw ExchangeError(request: request, problem: .notFound(text))
      }
    } catch {
      preconditionFailure("\(error)")
    }
  }
}

/// Whose API.
package enum ExchangeAPI: Hashable, Sendable {
  /// api.coinbase.com, for everybody.
  case advancedTrade
  /// api.exchange.coinbase.com, for institutions.
  case exchange
}

/// Why a body that came with a good status gives no answer.
enum CallFault: Error {
  /// The exchange refuses, in an answer that says 200.
  case refused(OrderRefusal)
  /// The body is not as documented.
  case defect(AnswerDefect)
  /// What was asked for is not in the list that came.
  case notFound(String)
}

/// Runs a decoder whose errors are those of an answer.
func decoding<Value>(
  _ decode: () throws(AnswerDefect) -> Value
) throws(CallFault) -> Value {
  do { return try decode() } catch { throw .defect(error) }
}

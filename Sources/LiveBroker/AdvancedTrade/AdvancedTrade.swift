import JSON

/// The Advanced Trade API: what its requests look like and how its answers are read.
///
/// Nothing here sends anything. Source: coinbase.md A, whose sections the comments name.
package enum AdvancedTrade {
  /// The root of all paths.
  static let root = "/api/v3/brokerage"

  static func get(
    _ path: String, _ query: [ExchangeRequest.QueryItem] = [], group: EndpointGroup = .privateData
  ) -> ExchangeRequest {
    ExchangeRequest(
      method: .get, path: root + path, query: query, group: group, repetition: .harmless)
  }

  static func post(
    _ path: String, _ body: JSONTree, repetition: ExchangeRequest.Repetition
  ) -> ExchangeRequest {
    ExchangeRequest(
      method: .post, path: root + path, body: body.bytes, group: .privateData,
      repetition: repetition)
  }

  static func call<Answer>(
    _ request: ExchangeRequest,
    _ read: @escaping @Sendable (AnswerObject) throws(AnswerDefect) -> Answer
  ) -> ExchangeCall<Answer> {
    ExchangeCall(request, of: .advancedTrade) { value, _ throws(CallFault) in
      try decoding { () throws(AnswerDefect) in try read(try AnswerObject(value)) }
    }
  }
}

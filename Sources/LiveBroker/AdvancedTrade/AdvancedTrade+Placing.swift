import JSON
import Market

extension AdvancedTrade {
  /// Places an order: limit good till cancelled, limit immediate or cancel, stop-limit; A.7.
  ///
  /// A refusal comes with status 200 and is thrown as one. A client order id that was used before gives
  /// the old order's answer and makes no other.
  package static func place(_ wish: OrderWish) -> ExchangeCall<PlacedOrder> {
    let order = wish.order
    let body = JSONTree.object([
      ("client_order_id", .string("\(order.id)")), ("product_id", .string(wish.productID)),
      ("side", .string(order.side == .buy ? "BUY" : "SELL")),
      ("order_configuration", .object([configuration(of: wish)])),
    ])
    let request = post("/orders", body, repetition: .lookUpFirst)
    return ExchangeCall(request, of: .advancedTrade) { value, _ throws(CallFault) in
      let answer = try decoding { () throws(AnswerDefect) in try AnswerObject(value) }
      guard try decoding({ () throws(AnswerDefect) in try answer.flag("success") }) else {
        throw .refused(try decoding { () throws(AnswerDefect) in try refusal(in: answer) })
      }
      return try decoding { () throws(AnswerDefect) in
        try answer.object("success_response") { placed throws(AnswerDefect) in
          PlacedOrder(
            id: try placed.name("order_id"), clientID: try placed.optionalText("client_order_id"))
        }
      }
    }
  }

  static func configuration(of wish: OrderWish) -> (key: String, value: JSONTree) {
    let order = wish.order
    var members: [(key: String, value: JSONTree)] = [
      ("base_size", .string("\(order.quantity)")), ("limit_price", .string("\(order.limit)")),
    ]
    if let trigger = order.trigger {
      members.append(("stop_price", .string("\(trigger)")))
      members.append(("stop_direction", .string("STOP_DIRECTION_STOP_DOWN")))
      return ("stop_limit_stop_limit_gtc", .object(members))
    }
    if wish.isImmediateOrCancel { return ("sor_limit_ioc", .object(members)) }
    members.append(("post_only", .bool(order.isPostOnly)))
    return ("limit_limit_gtc", .object(members))
  }

  /// All three names of the reason are read: any of them may be empty or say nothing.
  private static func refusal(in answer: AnswerObject) throws(AnswerDefect) -> OrderRefusal {
    let old = try answer.optionalText("failure_reason")
    let refusal = try answer.optionalObject("error_response") { error throws(AnswerDefect) in
      OrderRefusal(
        reasons: [
          try error.optionalText("new_order_failure_reason"), try error.optionalText("error"),
          try error.optionalText("preview_failure_reason"), old,
        ],
        message: try error.optionalText("message"),
        details: try error.optionalText("error_details"))
    }
    return refusal ?? OrderRefusal(reasons: [old], message: "")
  }

  /// Asks for the end of orders; A.9.
  ///
  /// - Parameter ids: The exchange's names, at most `cancelsPerRequest`.
  /// - Returns: An answer for each, in the order of `ids`, whatever the order of the results.
  package static func cancel(_ ids: [String]) -> ExchangeCall<[CancelAnswer]> {
    precondition(ids.count <= cancelsPerRequest, "at most \(cancelsPerRequest) at once")
    let body = JSONTree.object([("order_ids", .array(ids.map { .string($0) }))])
    return call(post("/orders/batch_cancel", body, repetition: .harmless)) {
      answer throws(AnswerDefect) in
      var outcomes: [String: CancelAnswer.Outcome] = [:]
      let results = try answer.list("results") { result throws(AnswerDefect) in
        (
          id: try result.name("order_id"), isDone: try result.flag("success"),
          reason: try result.optionalText("failure_reason")
        )
      }
      for result in results {
        outcomes[result.id] = result.isDone ? .requested : outcome(of: result.reason)
      }
      return try ids.map { id throws(AnswerDefect) in
        guard let outcome = outcomes[id] else {
          throw AnswerDefect(path: "results (order \(id))", problem: .missing)
        }
        return CancelAnswer(orderID: id, outcome: outcome)
      }
    }
  }

  /// The most orders of one request; no maximum is documented, and others get along with 100.
  package static let cancelsPerRequest = 100

  private static func outcome(of reason: String) -> CancelAnswer.Outcome {
    switch reason {
    case "UNKNOWN_CANCEL_ORDER", "ORDER_IS_FULLY_FILLED": .nothingToCancel(reason)
    case "DUPLICATE_CANCEL_REQUEST": .alreadyRequested(reason)
    default: .refused(reason)
    }
  }
}

extension Sequence {
  /// `map` that keeps the type of the error.
  func map<Value, Failure: Error>(
    _ transform: (Element) throws(Failure) -> Value
  ) throws(Failure) -> [Value] {
    var values: [Value] = []
    values.reserveCapacity(underestimatedCount)
    for element in self { values.append(try transform(element)) }
    return values
  }
}

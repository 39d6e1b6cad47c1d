import JSON
package import Market

extension ExchangeREST {
  /// Places an order: limit good till cancelled, limit immediate or cancel, stop-limit; B.2.
  ///
  /// A stop is sent as a limit order with a stop, since the server refuses its own documented `stop`. A
  /// repeated client order id makes a second order here: look the first one up before.
  package static func place(_ wish: OrderWish) -> ExchangeCall<PlacedOrder> {
    let order = wish.order
    var members: [(key: String, value: JSONTree)] = [
      ("type", .string("limit")), ("side", .string(order.side.rawValue)),
      ("product_id", .string(wish.productID)), ("price", .string("\(order.limit)")),
      ("size", .string("\(order.quantity)")),
      ("time_in_force", .string(wish.isImmediateOrCancel ? "IOC" : "GTC")),
      ("client_oid", .string("\(order.id)")),
    ]
    if let trigger = order.trigger {
      members += [("stop", .string("loss")), ("stop_price", .string("\(trigger)"))]
    } else if !wish.isImmediateOrCancel {
      members.append(("post_only", .bool(order.isPostOnly)))
    }
    let request = ExchangeRequest(
      method: .post, path: "/orders", body: JSONTree.object(members).bytes, group: .privateData,
      repetition: .lookUpFirst)
    return ExchangeCall(request, of: .exchange) { value, _ throws(CallFault) in
      let order = try decoding { () throws(AnswerDefect) in
        try ExchangeREST.order(try AnswerObject(value))
      }
      if order.status == .failed {
        throw .refused(OrderRefusal(reasons: [], message: order.reason))
      }
      return PlacedOrder(id: order.id, clientID: order.clientID, order: order)
    }
  }

  /// Asks for the end of an order; B.2.
  ///
  /// "order not found" and "Order already done" are answers here, not errors.
  package static func cancel(_ id: String, productID: String) -> CancelCall {
    var query: [ExchangeRequest.QueryItem] = []
    query.add("product_id", productID)
    return CancelCall(
      orderID: id,
      call: ExchangeCall(
        ExchangeRequest(
          method: .delete, path: "/orders/\(ExchangeRequest.encoded(id))", query: query,
          group: .privateData, repetition: .harmless), of: .exchange
      ) { value, _ throws(CallFault) in
        guard value.string != nil else {
          throw .defect(AnswerObject.wrongKind("", value, "a string"))
        }
        return CancelAnswer(orderID: id, outcome: .requested)
      })
  }

  /// A request to cancel, whose refusals say what has become of the order.
  package struct CancelCall: Sendable {
    fileprivate let orderID: String
    fileprivate let call: ExchangeCall<CancelAnswer>

    /// What to send.
    package var request: ExchangeRequest { call.request }

    /// Reads an answer.
    ///
    /// - Throws: `ExchangeError` where nothing is said about the order.
    package func answer(to answer: HTTPAnswer) throws(ExchangeError) -> CancelAnswer {
      do { return try call.answer(to: answer) } catch {
        let words: String
        switch error.problem {
        case .notFound(let text), .invalid(let text): words = text
        case .refused, .unauthorized, .forbidden, .rateLimited, .unavailable, .unreadable, .lost,
          .unexpected:
          throw error
        }
        let text = words.lowercased()
        guard text.contains("not found") || text.contains("notfound") || text.contains("done")
        else { throw error }
        return CancelAnswer(orderID: orderID, outcome: .nothingToCancel(words))
      }
    }
  }

  /// An order by the exchange's name of it; B.2.
  ///
  /// One that was cancelled without a fill is `.notFound`.
  package static func order(_ id: String) -> ExchangeCall<ExchangeOrder> {
    call(get("/orders/\(ExchangeRequest.encoded(id))")) { value, _ throws(AnswerDefect) in
      try order(try AnswerObject(value))
    }
  }

  /// An order by the name that we gave it.
  package static func order(named id: ClientOrderID) -> ExchangeCall<ExchangeOrder> {
    call(get("/orders/client:\(id)")) { value, _ throws(AnswerDefect) in
      try order(try AnswerObject(value))
    }
  }

  /// A page of the orders that can still fill, stops that wait included; B.2.
  ///
  /// - Parameters:
  ///   - productID: Of one product alone; `nil` for all.
  ///   - cursor: That of the page before; `nil` for the first.
  /// - Returns: The page, with the cursor of the next.
  package static func workingOrders(
    ofProduct productID: String? = nil, after cursor: String? = nil
  ) -> ExchangeCall<Page<ExchangeOrder>> {
    var query: [ExchangeRequest.QueryItem] = []
    for status in ["open", "pending", "active", "received"] { query.add("status", status) }
    query.add("product_id", productID)
    query.add("limit", "1000")
    query.add("after", cursor)
    return call(get("/orders", query)) { value, answer throws(AnswerDefect) in
      try page(value, answer, order)
    }
  }

  /// A page of fills of a product, newest first; B.2.
  ///
  /// One of order and product has to be named.
  package static func fills(
    ofProduct productID: String, after cursor: String? = nil
  ) -> ExchangeCall<Page<ExchangeFill>> {
    fills("product_id", productID, after: cursor)
  }

  /// A page of fills of an order, newest first; B.2.
  package static func fills(
    ofOrder id: String, after cursor: String? = nil
  ) -> ExchangeCall<Page<ExchangeFill>> {
    fills("order_id", id, after: cursor)
  }

  private static func fills(
    _ name: String, _ value: String, after cursor: String?
  ) -> ExchangeCall<Page<ExchangeFill>> {
    var query: [ExchangeRequest.QueryItem] = []
    query.add(name, value)
    query.add("limit", "1000")
    query.add("after", cursor)
    return call(get("/fills", query, group: .fills)) { value, answer throws(AnswerDefect) in
      try page(value, answer, fill)
    }
  }

  private static func fill(_ answer: AnswerObject) throws(AnswerDefect) -> ExchangeFill {
    let (trade, order) = (try answer.ordinal("trade_id"), try answer.name("order_id"))
    return ExchangeFill(
      // A trade of our own with ourselves is two fills of one number.
      entryID: "\(order)/\(trade)", tradeID: "\(trade)", orderID: order,
      productID: try answer.name("product_id"), time: try answer.time("created_at"),
      side: try answer.side("side"), price: try answer.decimal("price"),
      size: try answer.computed("size"), isSizeInQuote: false, fee: try answer.computed("fee"),
      liquidity: try answer.text("liquidity") == "M" ? .maker : .taker, isExecution: true)
  }

  private static func order(_ answer: AnswerObject) throws(AnswerDefect) -> ExchangeOrder {
    let status = try status(of: answer)
    let filled: Quantity = try answer.optionalComputed("filled_size") ?? .zero
    return ExchangeOrder(
      id: try answer.name("id"), clientID: try answer.optionalText("client_oid"),
      productID: try answer.name("product_id"), side: try answer.side("side"),
      terms: try terms(answer), quantity: try answer.optionalComputed("size"), status: status,
      isCancelPending: false, trigger: try trigger(of: answer), filled: filled,
      filledValue: try answer.optionalComputed("executed_value") ?? .zero, averagePrice: nil,
      fees: try answer.optionalComputed("fill_fees") ?? .zero, held: nil,
      created: try answer.optionalTime("created_at"),
      reason: try AdvancedTrade.reason(in: answer, ["reject_reason", "done_reason"]))
  }

  private static func status(of answer: AnswerObject) throws(AnswerDefect) -> ExchangeOrder.Status {
    let text = try answer.name("status")
    switch text {
    case "received", "pending": return .pending
    case "open", "active": return .open
    case "rejected": return .failed
    case "done", "settled":
      let reason = try answer.optionalText("done_reason")
      switch reason {
      case "filled": return .filled
      case "canceled", "cancelled": return .cancelled
      case "rejected": return .failed
      default: return .unknown("\(text), \(reason)")
      }
    default: return .unknown(text)
    }
  }

  private static func trigger(of answer: AnswerObject) throws(AnswerDefect) -> ExchangeOrder.Trigger
  {
    guard try !answer.optionalText("stop").isEmpty else { return .none }
    switch try answer.name("status") {
    case "active": return .waiting
    case "open", "done", "settled": return .triggered
    default: return .unknown
    }
  }

  private static func terms(_ answer: AnswerObject) throws(AnswerDefect) -> ExchangeOrder.Terms {
    let stop = try answer.optionalText("stop")
    let type = try answer.name("type")
    guard type == "limit" || !stop.isEmpty, let limit: Price = try answer.optionalDecimal("price")
    else { return .other(type) }
    switch stop {
    case "":
      return .limit(
        limit, isPostOnly: try answer.optionalFlag("post_only"),
        timeInForce: try timeInForce(of: answer))
    case "loss", "entry":
      return .stopLimit(
        trigger: try answer.decimal("stop_price"), limit: limit,
        direction: stop == "loss" ? .down : .up)
    default: return .other("\(type), stop \(stop)")
    }
  }

  private static func timeInForce(
    of answer: AnswerObject
  ) throws(AnswerDefect) -> ExchangeOrder.TimeInForce {
    let text = try answer.optionalText("time_in_force")
    switch text {
    case "", "GTC": return .goodTillCancelled
    case "GTT": return .goodTillTime
    case "IOC": return .immediateOrCancel
    case "FOK": return .fillOrKill
    default: throw .value("time_in_force", "time in force", text)
    }
  }
}

import JSON
package import Market

extension AdvancedTrade {
  /// An order by the exchange's name of it; A.8.
  ///
  /// One that does not exist is `.notFound`.
  package static func order(_ id: String) -> ExchangeCall<ExchangeOrder> {
    call(get("/orders/historical/\(ExchangeRequest.encoded(id))")) { answer throws(AnswerDefect) in
      try answer.object("order", order)
    }
  }

  /// A page of orders, newest first, whatever has become of them; A.8.
  ///
  /// To find an order by its client order id, look through the pages since a moment before it was sent:
  /// there is no question for one id that is not deprecated.
  ///
  /// - Parameters:
  ///   - ids: Of these products alone; of all where empty.
  ///   - start: Orders placed at or after this time.
  ///   - cursor: That of the page before; `nil` for the first.
  /// - Returns: The page, with the cursor of the next.
  package static func orders(
    ofProducts ids: [String] = [], since start: Timestamp? = nil, after cursor: String? = nil
  ) -> ExchangeCall<Page<ExchangeOrder>> {
    list(ofProducts: ids, statuses: [], since: start, after: cursor)
  }

  /// A part of the orders that can still fill: the exchange lets nobody ask for OPEN and others at once.
  package enum WorkingPart: Hashable, Sendable, CaseIterable {
    /// On their way into the book, or out of it.
    case moving
    /// In the book, and stops that wait.
    case open

    fileprivate var statuses: [String] {
      switch self {
      case .moving: ["PENDING", "QUEUED", "CANCEL_QUEUED", "EDIT_QUEUED"]
      case .open: ["OPEN"]
      }
    }
  }

  /// A page of the orders that can still fill; A.8.
  ///
  /// Ask for all parts, in the order of `WorkingPart.allCases`: that is the way of a new order, so none
  /// slips through between the questions. What we are cancelling ourselves we know by its id.
  ///
  /// - Parameters:
  ///   - part: Which of them.
  ///   - ids: Of these products alone; of all where empty.
  ///   - cursor: That of the page before; `nil` for the first.
  /// - Returns: The page, with the cursor of the next.
  package static func workingOrders(
    _ part: WorkingPart, ofProducts ids: [String] = [], after cursor: String? = nil
  ) -> ExchangeCall<Page<ExchangeOrder>> {
    list(ofProducts: ids, statuses: part.statuses, since: nil, after: cursor)
  }

  private static func list(
    ofProducts ids: [String], statuses: [String], since start: Timestamp?, after cursor: String?
  ) -> ExchangeCall<Page<ExchangeOrder>> {
    var query: [ExchangeRequest.QueryItem] = []
    for id in ids { query.add("product_ids", id) }
    for status in statuses { query.add("order_status", status) }
    query.add("product_type", "SPOT")
    query.add("start_date", start.map { "\($0)" })
    query.add("limit", "250")
    query.add("cursor", cursor)
    return call(get("/orders/historical/batch", query)) { answer throws(AnswerDefect) in
      Page(
        items: try answer.list("orders", order),
        next: try nextCursor(of: answer, hasNext: "has_next"))
    }
  }

  /// An order that we named so, in a page of orders.
  package static func order(
    _ id: ClientOrderID, in page: Page<ExchangeOrder>
  ) -> ExchangeOrder? {
    page.items.first { $0.ownID == id }
  }

  /// A page of fills, newest first; A.8.
  ///
  /// There is no other end than a missing cursor.
  ///
  /// - Parameters:
  ///   - orderIDs: Of these orders alone.
  ///   - productIDs: Of these products alone.
  ///   - start: At or after this time.
  ///   - cursor: That of the page before; `nil` for the first.
  /// - Returns: The page, with the cursor of the next.
  package static func fills(
    ofOrders orderIDs: [String] = [], ofProducts productIDs: [String] = [],
    since start: Timestamp? = nil, after cursor: String? = nil
  ) -> ExchangeCall<Page<ExchangeFill>> {
    var query: [ExchangeRequest.QueryItem] = []
    for id in orderIDs { query.add("order_ids", id) }
    for id in productIDs { query.add("product_ids", id) }
    query.add("start_sequence_timestamp", start.map { "\($0)" })
    query.add("limit", "100")
    query.add("cursor", cursor)
    return call(get("/orders/historical/fills", query, group: .fills)) {
      answer throws(AnswerDefect) in
      Page(items: try answer.list("fills", fill), next: try nextCursor(of: answer, hasNext: nil))
    }
  }

  @Sendable private static func fill(_ answer: AnswerObject) throws(AnswerDefect) -> ExchangeFill {
    ExchangeFill(
      entryID: try answer.name("entry_id"), tradeID: try answer.optionalText("trade_id"),
      orderID: try answer.name("order_id"), productID: try answer.name("product_id"),
      time: try answer.time("trade_time"), side: try answer.side("side"),
      price: try answer.decimal("price"), size: try answer.computed("size"),
      isSizeInQuote: try answer.optionalFlag("size_in_quote"),
      fee: try answer.computed("commission"),
      liquidity: try answer.text("liquidity_indicator") == "MAKER" ? .maker : .taker,
      isExecution: try answer.text("trade_type") == "FILL")
  }

  @Sendable private static func order(_ answer: AnswerObject) throws(AnswerDefect) -> ExchangeOrder
  {
    let (terms, quantity) = try answer.object("order_configuration", terms)
    let status = ExchangeOrder.Status(advancedTrade: try answer.name("status"))
    let average: Money? = try answer.optionalComputed("average_filled_price")
    return ExchangeOrder(
      id: try answer.name("order_id"), clientID: try answer.optionalText("client_order_id"),
      productID: try answer.name("product_id"), side: try answer.side("side"), terms: terms,
      quantity: quantity, status: status,
      isCancelPending: try answer.optionalFlag("pending_cancel") || status == .cancelQueued,
      trigger: ExchangeOrder.Trigger(advancedTrade: try answer.optionalText("trigger_status")),
      filled: try answer.computed("filled_size"), filledValue: try answer.computed("filled_value"),
      averagePrice: average == .zero ? nil : average, fees: try answer.computed("total_fees"),
      held: try answer.optionalComputed("outstanding_hold_amount"),
      created: try answer.optionalTime("created_time"),
      reason: try reason(in: answer, ["reject_reason", "reject_message", "cancel_message"]))
  }

  /// What the members say that say something.
  static func reason(in answer: AnswerObject, _ keys: [String]) throws(AnswerDefect) -> String {
    let texts = try keys.map { key throws(AnswerDefect) in try answer.optionalText(key) }
    return texts.first { !["", "REJECT_REASON_UNSPECIFIED"].contains($0) } ?? ""
  }

  /// The one variant of `order_configuration`; those that Ratchet never sends keep their name only.
  private static func terms(
    _ answer: AnswerObject
  ) throws(AnswerDefect) -> (ExchangeOrder.Terms, Quantity?) {
    let limits: [(String, ExchangeOrder.TimeInForce)] = [
      ("limit_limit_gtc", .goodTillCancelled), ("limit_limit_gtd", .goodTillTime),
      ("sor_limit_ioc", .immediateOrCancel), ("limit_limit_fok", .fillOrKill),
    ]
    for (key, timeInForce) in limits where answer[key] != nil {
      return try answer.object(key) { limit throws(AnswerDefect) in
        let terms = ExchangeOrder.Terms.limit(
          try limit.decimal("limit_price"), isPostOnly: try limit.optionalFlag("post_only"),
          timeInForce: timeInForce)
        return (terms, try limit.optionalComputed("base_size"))
      }
    }
    for key in ["stop_limit_stop_limit_gtc", "stop_limit_stop_limit_gtd"] where answer[key] != nil {
      return try answer.object(key) { stop throws(AnswerDefect) in
        let terms = ExchangeOrder.Terms.stopLimit(
          trigger: try stop.decimal("stop_price"), limit: try stop.decimal("limit_price"),
          direction: try direction(stop))
        return (terms, try stop.optionalComputed("base_size"))
      }
    }
    let name = answer.keys.first ?? ""
    return (.other(name), nil)
  }

  private static func direction(
    _ stop: AnswerObject
  ) throws(AnswerDefect) -> ExchangeOrder.StopDirection {
    let text = try stop.text("stop_direction")
    switch text {
    case "STOP_DIRECTION_STOP_DOWN": return .down
    case "STOP_DIRECTION_STOP_UP": return .up
    default: throw .value("stop_direction", "direction", text)
    }
  }
}

extension ExchangeOrder.Status {
  /// Reads a status of Advanced Trade, of REST and WebSocket.
  init(advancedTrade text: String) {
    self =
      switch text {
      case "PENDING": .pending
      case "OPEN": .open
      case "FILLED": .filled
      case "CANCELLED": .cancelled
      case "EXPIRED": .expired
      case "FAILED": .failed
      case "QUEUED": .queued
      case "CANCEL_QUEUED": .cancelQueued
      case "EDIT_QUEUED": .editQueued
      default: .unknown(text)
      }
  }
}

extension ExchangeOrder.Trigger {
  /// Reads a trigger status of Advanced Trade.
  init(advancedTrade text: String) {
    self =
      switch text {
      case "INVALID_ORDER_TYPE": .none
      case "STOP_PENDING": .waiting
      case "STOP_TRIGGERED": .triggered
      default: .unknown
      }
  }
}

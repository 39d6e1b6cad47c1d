import JSON
import Market
import Matching
import Network

extension AdvancedAPI {
  /// What changes orders.
  func post(
    _ words: [String], _ request: HTTPRequest, _ exchange: inout SandboxExchange
  ) throws(BadRequest) -> HTTPResponse? {
    guard words.first == "orders" else { return nil }
    let body: JSONValue
    do { body = try JSONValue(parsing: request.body) } catch {
      throw BadRequest("the body is no JSON: \(error)")
    }
    guard body.kind == .object else { throw BadRequest("the body is no object") }
    switch words.dropFirst().joined(separator: "/") {
    case "": return try place(body, &exchange)
    case "preview": return try preview(body, exchange)
    case "batch_cancel": return try cancel(body, &exchange)
    case "edit": return try edit(body, &exchange)
    case "edit_preview":
      var rehearsal = exchange
      return try edit(body, &rehearsal)
    default: return nil
    }
  }

  private func place(
    _ body: JSONValue, _ exchange: inout SandboxExchange
  ) throws(BadRequest) -> HTTPResponse {
    let echo = body["order_configuration"].map(JSONTree.init(copying:)) ?? .null
    let wish: PlacementWish
    do throws(AdvancedWish.Defect) { wish = try AdvancedWish.read(body, isPreview: false) } catch {
      switch error {
      case .bad(let why): throw why
      case .refused(let refusal): return Self.refused(refusal, echo)
      }
    }
    switch exchange.place(wish) {
    case .failure(let refusal): return Self.refused(refusal, echo)
    case .success(let order):
      return AdvancedAnswer.json(
        .object([
          ("success", .bool(true)),
          (
            "success_response",
            .object([
              ("order_id", .string(order.id)), ("product_id", .string(order.wish.productID)),
              ("side", .string(AdvancedOrders.side(order.wish.side))),
              ("client_order_id", .string(order.wish.clientID)),
              ("attached_order_id", .string("")),
            ])
          ),
          ("order_configuration", echo),
        ]))
    }
  }

  private static func refused(_ refusal: PlacementRefusal, _ echo: JSONTree) -> HTTPResponse {
    let names = AdvancedRefusal(refusal)
    return AdvancedAnswer.json(
      .object([
        ("success", .bool(false)),
        (
          "error_response",
          .object([
            ("error", .string(names.reason)), ("message", .string(names.message)),
            ("error_details", .string("")), ("preview_failure_reason", .string(names.preview)),
            ("new_order_failure_reason", .string(names.reason)),
          ])
        ),
        ("order_configuration", echo),
      ]))
  }

  private func preview(
    _ body: JSONValue, _ exchange: SandboxExchange
  ) throws(BadRequest) -> HTTPResponse {
    var problem: PlacementRefusal?
    var wish: PlacementWish?
    var draft: OrderDraft?
    do throws(AdvancedWish.Defect) {
      let read = try AdvancedWish.read(body, isPreview: true)
      wish = read
      do throws(PlacementRefusal) { draft = try exchange.draft(read) } catch { problem = error }
    } catch {
      switch error {
      case .bad(let why): throw why
      case .refused(let refusal): problem = refusal
      }
    }
    let market = wish.flatMap { exchange.market($0.productID) }.map { exchange.markets[$0] }
    let value = draft.map { $0.limit * $0.quantity } ?? .zero
    let fee = value.fee(at: market?.listing.model.takerRate ?? .zero)
    let total = wish?.side == .sell ? value - fee : value + fee
    let errors = problem.map { [JSONTree.string(AdvancedRefusal($0).preview)] } ?? []
    return AdvancedAnswer.json(
      .object([
        ("order_total", .string("\(total)")), ("commission_total", .string("\(fee)")),
        ("errs", .array(errors)), ("warning", .array([])), ("quote_size", .string("\(value)")),
        ("base_size", .string("\(draft?.quantity ?? .zero)")),
        ("best_bid", .string("\(market?.bid ?? .zero)")),
        ("best_ask", .string("\(market?.ask ?? .zero)")), ("is_max", .bool(false)),
        ("order_margin_total", .string("")), ("leverage", .string("")),
        ("slippage", .string("\(market?.listing.model.slippage ?? .zero)")),
        (
          "preview_id",
          .string(OrderName.make(exchange.orders.count, seed: ~exchange.settings.seed))
        ),
        ("pnl_configuration", .null), ("twap_bucket_metadata", .null),
      ]))
  }

  private func cancel(
    _ body: JSONValue, _ exchange: inout SandboxExchange
  ) throws(BadRequest) -> HTTPResponse {
    guard let list = body["order_ids"], list.kind == .array, list.count > 0 else {
      throw BadRequest("order_ids is missing")
    }
    var results: [JSONTree] = []
    var seen: Set<String> = []
    for element in list.elements {
      guard let id = element.string else { throw BadRequest("order_ids has another than a text") }
      var reason = "UNKNOWN_CANCEL_FAILURE_REASON"  // It means "no reason".
      var isDone = false
      if seen.insert(id).inserted {
        switch exchange.cancel(id) {
        case .success: isDone = true
        case .failure(.filled): reason = "ORDER_IS_FULLY_FILLED"
        case .failure(.over), .failure(.unknownOrder): reason = "UNKNOWN_CANCEL_ORDER"
        }
      } else {
        reason = "DUPLICATE_CANCEL_REQUEST"
      }
      results.append(
        .object([
          ("success", .bool(isDone)), ("failure_reason", .string(reason)),
          ("order_id", .string(id)),
        ]))
    }
    return AdvancedAnswer.json(.object([("results", .array(results))]))
  }

  private func edit(
    _ body: JSONValue, _ exchange: inout SandboxExchange
  ) throws(BadRequest) -> HTTPResponse {
    guard let id = body["order_id"]?.string else { throw BadRequest("order_id is missing") }
    var failure: EditRefusal?
    do throws(DecimalError) {
      let limit = try Price(body["price"]?.string ?? "")
      // A size that is missing counts as 0.
      let size = try Quantity(body["size"]?.string ?? "0")
      if case .failure(let refusal) = exchange.edit(id, limit: limit, quantity: size) {
        failure = refusal
      }
    } catch {
      failure = .refused(.limitPrecision)
    }
    let errors = failure.map { failure in
      let (reason, preview) = Self.names(of: failure)
      return JSONTree.object([
        ("edit_failure_reason", .string(reason)), ("preview_failure_reason", .string(preview)),
      ])
    }
    return AdvancedAnswer.json(
      .object([("success", .bool(failure == nil)), ("errors", .array(errors.map { [$0] } ?? []))]))
  }

  private static func names(of refusal: EditRefusal) -> (reason: String, preview: String) {
    let none = "UNKNOWN_PREVIEW_FAILURE_REASON"
    switch refusal {
    case .unknownOrder: return ("ORDER_NOT_FOUND", none)
    case .onlyLimits: return ("ONLY_LIMIT_ORDER_EDITS_SUPPORTED", none)
    case .over: return ("COMMANDER_REJECTED_EDIT_ORDER", none)
    case .belowFilled: return ("CANNOT_EDIT_TO_BELOW_FILLED_SIZE", none)
    case .refused(let refusal):
      return ("UNKNOWN_EDIT_ORDER_FAILURE_REASON", AdvancedRefusal(refusal).preview)
    }
  }
}

extension JSONTree {
  /// A value as it was read.
  init(copying value: JSONValue) {
    switch value.kind {
    case .null: self = .null
    case .bool: self = .bool(value.bool ?? false)
    case .number: self = .number(value.number ?? "0")
    case .string: self = .string(value.string ?? "")
    case .array: self = .array(value.elements.map(JSONTree.init(copying:)))
    case .object:
      self = .object(value.members.map { ($0.key, JSONTree(copying: $0.value)) })
    }
  }
}

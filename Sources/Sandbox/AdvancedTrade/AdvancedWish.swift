import JSON
import Market

/// Reads the body of an order; coinbase.md A.7.
enum AdvancedWish {
  /// Why a body makes no order.
  enum Defect: Error {
    /// It is no order at all: HTTP 400.
    case bad(BadRequest)
    /// It is one that the exchange refuses: HTTP 200.
    case refused(PlacementRefusal)
  }

  /// The order of a body; of a preview, which needs no name.
  static func read(_ body: JSONValue, isPreview: Bool) throws(Defect) -> PlacementWish {
    let clientID = body["client_order_id"]?.string ?? ""
    guard isPreview || !clientID.isEmpty else {
      throw .bad(BadRequest("client_order_id is missing"))
    }
    guard clientID.utf8.count <= 128 else {
      throw .bad(BadRequest("client_order_id has more than 128 characters"))
    }
    guard let productID = body["product_id"]?.string, !productID.isEmpty else {
      throw .bad(BadRequest("product_id is missing"))
    }
    let side: Side
    switch body["side"]?.string {
    case "BUY"?: side = .buy
    case "SELL"?: side = .sell
    case let other: throw .bad(BadRequest("side is '\(other ?? "")', expected BUY or SELL"))
    }
    guard let configuration = body["order_configuration"], configuration.kind == .object else {
      throw .bad(BadRequest("order_configuration is missing"))
    }
    let variants = configuration.members.filter { !$0.value.isNull }
    guard variants.count == 1, let variant = variants.first, variant.value.kind == .object else {
      throw .bad(BadRequest("order_configuration needs exactly one variant"))
    }
    let (size, terms) = try read(variant.key, variant.value)
    return PlacementWish(
      clientID: clientID, productID: productID, side: side, size: size, terms: terms)
  }

  private static func read(
    _ name: String, _ members: JSONValue
  ) throws(Defect) -> (OrderSize, OrderTerms) {
    switch name {
    case "market_market_ioc": return (try size(members), .market(.immediate))
    case "sor_limit_ioc":
      return (try size(members), .limit(try limit(members), .immediate, isPostOnly: false))
    case "limit_limit_fok":
      return (try size(members), .limit(try limit(members), .wholeOrNothing, isPostOnly: false))
    case "limit_limit_gtc", "limit_limit_gtd":
      let isPostOnly = members["post_only"]?.bool ?? false
      let lifetime = try lifetime(name, members)
      return (try size(members), .limit(try limit(members), lifetime, isPostOnly: isPostOnly))
    case "stop_limit_stop_limit_gtc", "stop_limit_stop_limit_gtd":
      let direction: StopDirection
      switch members["stop_direction"]?.string {
      case "STOP_DIRECTION_STOP_DOWN"?: direction = .down
      case "STOP_DIRECTION_STOP_UP"?: direction = .up
      case let other: throw .bad(BadRequest("stop_direction is '\(other ?? "")'"))
      }
      let trigger: Price = try decimal(members, "stop_price", else: .stopPrecision)
      let lifetime = try lifetime(name, members)
      return (
        try size(members),
        .stopLimit(trigger: trigger, limit: try limit(members), direction, lifetime)
      )
    default: throw .refused(.unsupported)
    }
  }

  private static func lifetime(
    _ name: String, _ members: JSONValue
  ) throws(Defect) -> OrderLifetime {
    guard name.hasSuffix("gtd") else { return .untilCancelled }
    guard let text = members["end_time"]?.string, let end = Timestamp(rfc3339: text) else {
      throw .bad(BadRequest("end_time is no time such as 2026-11-22T10:00:00Z"))
    }
    return .until(end)
  }

  private static func limit(_ members: JSONValue) throws(Defect) -> Price {
    try decimal(members, "limit_price", else: .limitPrecision)
  }

  private static func size(_ members: JSONValue) throws(Defect) -> OrderSize {
    if let base = members["base_size"], base.string != "", !base.isNull {
      return .base(try decimal(members, "base_size", else: .sizePrecision))
    }
    guard let quote = members["quote_size"], quote.string != "", !quote.isNull else {
      throw .bad(BadRequest("base_size is missing"))
    }
    return .quote(try decimal(members, "quote_size", else: .quoteSizePrecision))
  }

  /// A decimal as a string or a number; one that is too fine is refused, never rounded.
  private static func decimal<Value: ExactDecimal>(
    _ members: JSONValue, _ key: String, else refusal: PlacementRefusal
  ) throws(Defect) -> Value {
    guard let text = members[key]?.string ?? members[key]?.number, !text.isEmpty else {
      throw .bad(BadRequest("\(key) is missing"))
    }
    do { return try Value(text) } catch {
      switch error.problem {
      case .tooPrecise: throw .refused(refusal)
      case .tooLarge: throw .refused(.tooLarge)
      case .notANumber: throw .bad(BadRequest("\(key) is '\(text)', expected a decimal"))
      }
    }
  }
}

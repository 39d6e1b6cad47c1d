import JSON
import Market
import Network

/// Reads what a client of the Exchange wants; coinbase.md B.2.
struct ExchangeWish {
  private let body: JSONValue
  /// The data's time, from which a lifetime counts.
  private let now: Timestamp

  init(_ body: JSONValue, now: Timestamp) {
    self.body = body
    self.now = now
  }

  /// The wish; whether it can be met is the exchange's to say.
  func read() throws(ExchangeDefect) -> PlacementWish {
    guard let productID = text("product_id") else { throw ExchangeDefect("Missing product_id") }
    guard let side = Side(rawValue: text("side") ?? "") else {
      throw ExchangeDefect("Invalid side")
    }
    let type = text("type") ?? "limit"
    guard type == "limit" || type == "market" else {
      throw ExchangeDefect("Invalid order_type \(type)")
    }
    return PlacementWish(
      clientID: try clientID(), productID: productID, side: side,
      size: try size(isMarket: type == "market"),
      terms: type == "market" ? try marketTerms() : try limitTerms(side))
  }

  /// A text; a number too, for many clients send one.
  private func text(_ name: String) -> String? {
    body[name].flatMap { $0.string ?? $0.number }.flatMap { $0.isEmpty ? nil : $0 }
  }

  /// A UUID, with its dashes or without.
  private func clientID() throws(ExchangeDefect) -> String {
    guard let id = text("client_oid") else { return "" }
    let digits = id.filter { $0 != "-" }
    guard digits.utf8.count == 32, digits.allSatisfy(\.isHexDigit) else {
      throw ExchangeDefect("Invalid client_oid")
    }
    return id
  }

  private func size(isMarket: Bool) throws(ExchangeDefect) -> OrderSize {
    if isMarket, text("size") == nil, let funds = text("funds") {
      guard let amount = try? Money(funds), amount > .zero else {
        throw ExchangeDefect("Invalid funds")
      }
      return .quote(amount)
    }
    guard let text = text("size") else { throw ExchangeDefect("Missing size") }
    do throws(DecimalError) { return .base(try Quantity(text)) } catch {
      throw Self.defect(error, "size", step: "\(Quantity(steps: 1))")
    }
  }

  private func price(_ name: String) throws(ExchangeDefect) -> Price {
    guard let text = text(name) else { throw ExchangeDefect("Missing \(name)") }
    let price: Price
    do throws(DecimalError) { price = try Price(text) } catch {
      throw Self.defect(error, "price", step: "\(Price(steps: 1))")
    }
    guard price > .zero else { throw ExchangeDefect("Invalid \(name)") }
    return price
  }

  private static func defect(_ error: DecimalError, _ name: String, step: String) -> ExchangeDefect
  {
    if case .tooPrecise = error.problem {
      return ExchangeDefect("\(name) is too accurate. Smallest unit is \(step)")
    }
    return ExchangeDefect("Invalid \(name)")
  }

  private func marketTerms() throws(ExchangeDefect) -> OrderTerms {
    guard text("stop") == nil else {
      throw ExchangeDefect("Invalid order_type: a stop order is a limit order")
    }
    return .market(.immediate)
  }

  private func limitTerms(_ side: Side) throws(ExchangeDefect) -> OrderTerms {
    let limit = try price("price")
    let lifetime = try lifetime()
    let isPostOnly = body["post_only"]?.bool ?? (text("post_only") == "true")
    if isPostOnly, lifetime.isImmediate {
      throw ExchangeDefect("post_only is not allowed with time_in_force IOC or FOK")
    }
    guard let stop = text("stop") else {
      return .limit(limit, lifetime, isPostOnly: isPostOnly)
    }
    let direction: StopDirection
    switch (stop, side) {
    case ("loss", .sell): direction = .down
    case ("entry", .buy): direction = .up
    case ("loss", .buy), ("entry", .sell):
      throw ExchangeDefect("Invalid stop: loss is for sells, entry for buys")
    default: throw ExchangeDefect("Invalid stop \(stop)")
    }
    guard !lifetime.isImmediate, !isPostOnly else {
      throw ExchangeDefect("a stop order is neither post_only nor IOC nor FOK")
    }
    return .stopLimit(trigger: try price("stop_price"), limit: limit, direction, lifetime)
  }

  private func lifetime() throws(ExchangeDefect) -> OrderLifetime {
    let name = text("time_in_force") ?? "GTC"
    switch name {
    case "GTC": return .untilCancelled
    case "IOC": return .immediate
    case "FOK": return .wholeOrNothing
    case "GTT":
      let spans: [String: Int64] = ["min": 60, "hour": 3600, "day": 86_400]
      guard let seconds = spans[text("cancel_after") ?? ""] else {
        throw ExchangeDefect("Invalid cancel_after")
      }
      return .until(now + TimeSpan(seconds: seconds))
    default: throw ExchangeDefect("Invalid time_in_force \(name)")
    }
  }
}

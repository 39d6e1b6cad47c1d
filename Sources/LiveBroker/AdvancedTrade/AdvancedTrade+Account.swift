import Market

extension AdvancedTrade {
  /// The exchange's clock; A.4.
  package static func serverTime() -> ExchangeCall<ServerTime> {
    call(get("/time", group: .publicData)) { answer throws(AnswerDefect) in
      let milliseconds = try answer.integer("epochMillis")
      guard (0...9_223_372_036_854).contains(milliseconds) else {
        throw .value("epochMillis", "time", "\(milliseconds)")
      }
      return ServerTime(time: Timestamp(nanoseconds: milliseconds * 1_000_000))
    }
  }

  /// What the key may do; A.6.
  package static func keyPermissions() -> ExchangeCall<KeyPermissions> {
    call(get("/key_permissions")) { answer throws(AnswerDefect) in
      KeyPermissions(
        canView: try answer.flag("can_view"), canTrade: try answer.flag("can_trade"),
        canTransfer: try answer.flag("can_transfer"),
        portfolio: try answer.optionalText("portfolio_uuid"))
    }
  }

  /// What the account has; A.6.
  ///
  /// - Parameter cursor: That of the page before; `nil` for the first.
  /// - Returns: The page, with the cursor of the next.
  package static func balances(after cursor: String? = nil) -> ExchangeCall<Page<Balance>> {
    var query: [ExchangeRequest.QueryItem] = []
    query.add("limit", "250")
    query.add("cursor", cursor)
    return call(get("/accounts", query)) { answer throws(AnswerDefect) in
      let items = try answer.list("accounts") { account throws(AnswerDefect) in
        let currency = try account.name("currency")
        func amount(_ key: String) throws(AnswerDefect) -> Money {
          try account.object(key) { amount throws(AnswerDefect) in try amount.computed("value") }
        }
        return Balance(
          currency: currency, available: try amount("available_balance"), held: try amount("hold"),
          isActive: try account.flag("active"))
      }
      return Page(items: items, next: try nextCursor(of: answer, hasNext: "has_next"))
    }
  }

  /// What the exchange takes of each fill; A.6.
  package static func feeTier() -> ExchangeCall<FeeTier> {
    var query: [ExchangeRequest.QueryItem] = []
    query.add("product_type", "SPOT")
    return call(get("/transaction_summary", query)) { answer throws(AnswerDefect) in
      try answer.object("fee_tier") { tier throws(AnswerDefect) in
        FeeTier(
          name: try tier.optionalText("pricing_tier"),
          makerRate: try tier.decimal("maker_fee_rate"),
          takerRate: try tier.decimal("taker_fee_rate"))
      }
    }
  }

  /// The next page's cursor, where the list says that there is one, or, if it never says, gives one.
  static func nextCursor(
    of answer: AnswerObject, hasNext key: String?
  ) throws(AnswerDefect) -> String? {
    let cursor = try answer.optionalText("cursor")
    if let key, try !answer.flag(key) { return nil }
    return cursor.isEmpty ? nil : cursor
  }
}

import JSON
import Market

extension AdvancedAccounts {
  /// The accounts as the older API of Coinbase's shows them: ccxt asks there unless it is told not to.
  ///
  /// They have one amount, what is held included.
  static func consumerAccounts(_ exchange: SandboxExchange) -> JSONTree {
    let accounts = exchange.ledger.currencies.enumerated().map { place, currency in
      let isQuote = exchange.settings.listings.contains { $0.quoteCurrency == currency }
      return JSONTree.object([
        ("id", .string(exchange.names.account(place))), ("name", .string("\(currency) Wallet")),
        ("primary", .bool(false)), ("type", .string(isQuote ? "fiat" : "wallet")),
        (
          "currency", .object([("code", .string(currency)), ("name", .string(currency))])
        ),
        (
          "balance",
          .object([
            ("amount", .string("\(exchange.ledger[currency].total)")),
            ("currency", .string(currency)),
          ])
        ), ("created_at", .null), ("updated_at", .null), ("resource", .string("account")),
        ("resource_path", .string("/v2/accounts/\(exchange.names.account(place))")),
      ])
    }
    return .object([
      (
        "pagination",
        .object([
          ("ending_before", .null), ("starting_after", .null), ("limit", .integer(250)),
          ("order", .string("desc")), ("previous_uri", .null), ("next_uri", .null),
        ])
      ), ("data", .array(accounts)),
    ])
  }
}

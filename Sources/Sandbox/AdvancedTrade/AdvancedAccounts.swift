import JSON
import Market
import Matching

/// The account of Advanced Trade; coinbase.md A.6.
enum AdvancedAccounts {
  /// An account: that of the currency in this place.
  static func account(_ place: Int, _ exchange: SandboxExchange) -> JSONTree {
    let currency = exchange.ledger.currencies[place]
    let balance = exchange.ledger[currency]
    let isFiat = ["USD", "EUR", "GBP"].contains(currency)
    func amount(_ money: Money) -> JSONTree {
      .object([("value", .string("\(money)")), ("currency", .string(currency))])
    }
    return .object([
      ("uuid", .string(exchange.names.account(place))), ("name", .string("\(currency) Wallet")),
      ("currency", .string(currency)), ("available_balance", amount(balance.available)),
      ("default", .bool(place == 0)), ("active", .bool(true)),
      ("created_at", .string(AdvancedOrders.zeroTime)),
      ("updated_at", .string("\(exchange.now)")), ("deleted_at", .null),
      ("type", .string(isFiat ? "ACCOUNT_TYPE_FIAT" : "ACCOUNT_TYPE_CRYPTO")),
      ("ready", .bool(true)), ("hold", amount(balance.held)),
      ("retail_portfolio_id", .string(exchange.names.portfolio)),
      ("platform", .string("ACCOUNT_PLATFORM_CONSUMER")),
    ])
  }

  /// What a key may do.
  static func permissions(
    _ permissions: KeyPermissions, _ exchange: SandboxExchange
  ) -> JSONTree {
    .object([
      ("can_view", .bool(permissions.canView)), ("can_trade", .bool(permissions.canTrade)),
      ("can_transfer", .bool(permissions.canTransfer)),
      ("portfolio_uuid", .string(exchange.names.portfolio)), ("portfolio_type", .string("DEFAULT")),
    ])
  }

  /// The one portfolio.
  static func portfolios(_ exchange: SandboxExchange) -> JSONTree {
    .object([
      (
        "portfolios",
        .array([
          .object([
            ("name", .string("Default")), ("uuid", .string(exchange.names.portfolio)),
            ("type", .string("DEFAULT")), ("deleted", .bool(false)),
          ])
        ])
      )
    ])
  }

  /// What has been traded, and what the exchange takes of it: the rates of the first product.
  static func summary(_ exchange: SandboxExchange) -> JSONTree {
    var volume = Money.zero
    var fees = Money.zero
    for fill in exchange.fills {
      volume += fill.fill.notional
      fees += fill.fill.fee
    }
    let model = exchange.settings.listings.first?.model
    func number(_ money: Money) -> JSONTree { .number("\(money)") }
    return .object([
      ("total_volume", number(volume)), ("total_fees", number(fees)),
      (
        "fee_tier",
        .object([
          ("pricing_tier", .string("Sandbox")), ("usd_from", .string("0")),
          ("usd_to", .string("")), ("taker_fee_rate", .string("\(model?.takerRate ?? .zero)")),
          ("maker_fee_rate", .string("\(model?.makerRate ?? .zero)")), ("aop_from", .string("")),
          ("aop_to", .string("")), ("volume_types_and_range", .array([])),
        ])
      ),
      ("margin_rate", .null), ("goods_and_services_tax", .null),
      ("advanced_trade_only_volume", number(volume)), ("advanced_trade_only_fees", number(fees)),
      ("coinbase_pro_volume", number(.zero)), ("coinbase_pro_fees", number(.zero)),
      ("total_balance", .string("")), ("has_promo_fee", .bool(false)),
      ("volume_breakdown", .array([])),
    ])
  }
}

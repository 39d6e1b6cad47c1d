package import Network

/// Where an exchange is spoken to.
package struct ExchangeAddresses: Hashable, Sendable {
  /// Requests go here.
  package var rest: Endpoint
  /// The WebSocket of market data, where orders of ours are told of too.
  package var feed: WebAddress

  /// Addresses of a local exchange, say.
  package init(rest: Endpoint, feed: WebAddress) {
    self.rest = rest
    self.feed = feed
  }

  /// Coinbase's own; coinbase.md A.1 and B.1.
  package static func coinbase(_ api: ExchangeAPI) -> ExchangeAddresses {
    func endpoint(_ host: String) -> Endpoint { Endpoint(host: host, port: 443, isSecure: true) }
    switch api {
    case .advancedTrade:
      return ExchangeAddresses(
        rest: endpoint("api.coinbase.com"),
        feed: WebAddress(endpoint: endpoint("advanced-trade-ws.coinbase.com"), target: "/"))
    case .exchange:
      return ExchangeAddresses(
        rest: endpoint("api.exchange.coinbase.com"),
        feed: WebAddress(endpoint: endpoint("ws-feed.exchange.coinbase.com"), target: "/"))
    }
  }
}

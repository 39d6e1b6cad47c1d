import Network

/// What a request is for, as a file of faults names it.
package enum RequestGroup: String, Hashable, Sendable, CaseIterable {
  /// Orders are placed.
  case place
  /// Orders are cancelled.
  case cancel
  /// Orders are changed or previewed.
  case edit
  /// Orders and fills are read.
  case orders
  /// Balances, fees and permissions are read.
  case account
  /// Products, prices and candles are read.
  case market
  /// The clock is read.
  case time
  /// A WebSocket is opened.
  case socket

  /// Tells it from method and path, of either API.
  init(_ request: HTTPRequest) {
    if request.headers.list("Upgrade", has: "websocket") {
      self = .socket
      return
    }
    var words = request.path.split(separator: "/").map(String.init)
    if words.starts(with: ["api", "v3", "brokerage"]) { words.removeFirst(3) }
    switch (words.first, request.method) {
    case ("orders"?, .post) where words.count == 1: self = .place
    case ("orders"?, .post): self = words[1] == "batch_cancel" ? .cancel : .edit
    case ("orders"?, .delete): self = .cancel
    case ("orders"?, _), ("fills"?, _): self = .orders
    case ("time"?, _): self = .time
    case ("market"?, _): self = words.dropFirst().first == "time" ? .time : .market
    case ("products"?, _), ("product_book"?, _), ("best_bid_ask"?, _), ("currencies"?, _):
      self = .market
    default: self = .account  // Accounts, fees, permissions, portfolios, and what nobody knows.
    }
  }
}

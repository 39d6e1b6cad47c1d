import Execution
import Market
import Network
import Strategy
import TestKit
import Testing

@testable import LiveBroker

/// What the exchange says of an entry and of the stop for it, whatever it has of them.
struct Tale {
  var entry: (order: Order, name: String)
  var stop: String?
  var bought: [(size: Quantity, time: Timestamp)]
  var sold: [(size: Quantity, time: Timestamp)] = []
  /// Whether the entry works on though its end is asked for, and that is taken.
  var isDeaf = false
  /// How many purchases the list of fills has so far; all where it is `nil`.
  var listed: Int?
  /// Whether the stop is filled, which the exchange itself does not know.
  var isStopFilled = false

  /// The answer to a request; `nil` where it is about something else.
  func answer(to request: HTTPRequest) -> String? {
    if request.path.hasSuffix("/orders/historical/\(entry.name)") {
      return order(entry.name, "BUY", bought, of: entry.order.quantity)
    }
    if isStopFilled, let stop, request.path.hasSuffix("/orders/historical/\(stop)") {
      return order(stop, "SELL", sold, of: sold.reduce(.zero) { $0 + $1.size })
    }
    if isDeaf, request.path.hasSuffix("/batch_cancel"),
      String(decoding: request.body, as: UTF8.self).contains(entry.name)
    {
      return #"{"results":[{"success":true,"failure_reason":"","order_id":"\#(entry.name)"}]}"#
    }
    guard request.path.hasSuffix("/orders/historical/fills") else { return nil }
    if request.target.contains(entry.name) {
      return list(Array(bought.prefix(listed ?? bought.count)), "BUY", entry.name)
    }
    if let stop, request.target.contains(stop) { return list(sold, "SELL", stop) }
    return nil
  }

  private func order(
    _ name: String, _ side: String, _ fills: [(size: Quantity, time: Timestamp)],
    of quantity: Quantity
  ) -> String {
    let filled = fills.reduce(Quantity.zero) { $0 + $1.size }
    return """
      {"order":{"order_id":"\(name)","client_order_id":"\(entry.order.id)",
      "product_id":"BTC-USD","side":"\(side)","order_configuration":{"limit_limit_gtc":{
      "base_size":"\(quantity)","limit_price":"\(entry.order.limit)","post_only":false}},
      "status":"\(filled == quantity ? "FILLED" : "OPEN")","filled_size":"\(filled)",
      "filled_value":"0","average_filled_price":"0","total_fees":"0"}}
      """
  }

  private func list(
    _ fills: [(size: Quantity, time: Timestamp)], _ side: String, _ name: String
  ) -> String {
    let items = fills.enumerated().map { number, fill in
      """
      {"entry_id":"\(side)-\(number)","trade_id":"\(side)-\(number)","order_id":"\(name)",
      "trade_time":"\(fill.time)","trade_type":"FILL","price":"\(entry.order.limit)",
      "size":"\(fill.size)","commission":"0","product_id":"BTC-USD","size_in_quote":false,
      "liquidity_indicator":"MAKER","side":"\(side)"}
      """
    }
    return #"{"fills":[\#(items.joined(separator: ","))],"cursor":""}"#
  }
}

extension LiveSession {
  /// Has the first pair place an entry that nothing comes near.
  ///
  /// - Returns: It, and the exchange's name of it.
  func enterBelow() async throws -> (order: Order, name: String) {
    let half = Rate(steps: 500_000_000_000_000_000)
    submitEntry(
      pair: 0, EntrySignal(reference: standing(of: 0).lastTrade, offset: half, timeToLive: 100))
    await settleAll()
    let entry = try #require(standing(of: 0).entry?.order)
    return (entry, try #require(sent[0][entry.id]?.exchangeID))
  }
}

extension SessionStage {
  /// A stage on which orders of sale need no purchase at the exchange.
  static func withCoins() throws -> SessionStage {
    var stage = try SessionStage(seed: 5, count: 40, more: ["sandbox.balances=5 BTC"])
    stage.timeScale = 50
    return stage
  }

  /// A third of an order, for a tale of a part of it.
  static func third(of order: Order) -> Quantity {
    Product().floorLot(Quantity(steps: order.quantity.steps / 3))
  }
}

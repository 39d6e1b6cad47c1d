import Market
import Network
import Sandbox

/// Everything that a client may say to the sandbox in JSON.
///
/// Each input finds an exchange at the same moment, with money to place orders with. It answers with a
/// status that the client's mistake deserves, and goes on with its market.
enum SandboxRequests {
  typealias Request = @Sendable ([UInt8]) -> String?

  static let named = Dictionary(uniqueKeysWithValues: all)

  static let all: [(String, Request)] = [
    ("s-place", { post($0, to: "/api/v3/brokerage/orders") }),
    ("s-preview", { post($0, to: "/api/v3/brokerage/orders/preview") }),
    ("s-cancel", { post($0, to: "/api/v3/brokerage/orders/batch_cancel") }),
    ("s-edit", { post($0, to: "/api/v3/brokerage/orders/edit") }),
    ("s-exchange", { post($0, to: "/orders") }),
    ("s-feed", { subscribe($0) }),
  ]

  private static func post(_ body: [UInt8], to path: String) -> String? {
    var desk = SandboxDesk.fuzzed
    let answer = desk.answer(HTTPRequest(.post, path, body: body))
    guard (200..<500).contains(answer.status) else { return "\(path) is answered \(answer.status)" }
    desk.playOn()
    return nil
  }

  private static func subscribe(_ body: [UInt8]) -> String? {
    var desk = SandboxDesk.fuzzed
    for line in body.split(separator: UInt8(ascii: "\n")).prefix(20) { desk.hear(Array(line)) }
    desk.playOn()
    return nil
  }
}

extension SandboxDesk {
  /// An exchange within a candle, with two orders.
  fileprivate static let fuzzed: SandboxDesk = {
    var settings = SandboxSettings(listings: [Listing(Product())])
    // Money is no limit here.
    settings.balances = ["USD": 1_000_000_000_000_000, "BTC": 1_000_000_000]
    let candles = (0..<3).map { index in
      Candle(
        start: Timestamp(seconds: 1_704_067_200 + 300 * index), open: 100, high: 110, low: 90,
        close: 105, volume: 1000)
    }
    var desk = SandboxDesk(settings, candles: candles, clock: Timestamp(seconds: 1_800_000_000))
    desk.playOn()
    for (id, order) in [
      ("a", #""limit_limit_gtc":{"base_size":"1","limit_price":"80","post_only":false}"#),
      (
        "b",
        #""stop_limit_stop_limit_gtc":{"base_size":"1","limit_price":"79","stop_price":"80","stop_direction":"STOP_DIRECTION_STOP_DOWN"}"#
      ),
    ] {
      let side = id == "a" ? "BUY" : "SELL"
      _ = desk.answer(
        HTTPRequest(
          .post, "/api/v3/brokerage/orders",
          body: Array(
            #"{"client_order_id":"\#(id)","product_id":"BTC-USD","side":"\#(side)","order_configuration":{\#(order)}}"#
              .utf8)))
    }
    return desk
  }()
}

import Market
import Secrets
import TestKit

@testable import LiveBroker

/// Bodies as coinbase.md documents them; members that nobody reads are there too, as in life.
enum Samples {
  static let token = Secret("a.b.c")
  static let orderID = "0000-0000-0001"
  static let ownID = ClientOrderID(session: 7, pair: 1, number: 42)

  static func answer(
    _ body: String, status: Int = 200, headers: [HTTPAnswer.Header] = []
  ) -> HTTPAnswer {
    HTTPAnswer(status: status, headers: headers, body: Array(body.utf8))
  }

  static let product = #"""
    {"product_id":"BTC-USD","price":"97000.01","price_percentage_change_24h":"1.5",
     "volume_24h":"1234.5","base_increment":"0.00000001","quote_increment":"0.01",
     "quote_min_size":"1","quote_max_size":"150000000","base_min_size":"0.00000001",
     "base_max_size":"3400","base_name":"Bitcoin","quote_name":"US Dollar","watched":false,
     "is_disabled":false,"new":false,"status":"online","cancel_only":false,"limit_only":false,
     "post_only":false,"trading_disabled":false,"auction_mode":false,"product_type":"SPOT",
     "quote_currency_id":"USD","base_currency_id":"BTC","fcm_trading_session_details":null,
     "mid_market_price":"","alias":"","alias_to":["BTC-USDC"],"view_only":false,
     "price_increment":"0.01","display_name":"BTC-USD","product_venue":"CBE"}
    """#

  static let order = #"""
    {"order_id":"0000-0000-0001","product_id":"BTC-USD","user_id":"u","order_configuration":
      {"stop_limit_stop_limit_gtc":{"base_size":"0.5","limit_price":"95000.00",
        "stop_price":"95500.01","stop_direction":"STOP_DIRECTION_STOP_DOWN"}},
     "side":"SELL","client_order_id":"@ID@","status":"OPEN","time_in_force":"GOOD_UNTIL_CANCELLED",
     "created_time":"2026-11-22T10:00:00.123456Z","completion_percentage":"20",
     "filled_size":"0.1","average_filled_price":"21220.6399999973697697","fee":"",
     "number_of_fills":"2","filled_value":"6.3220675944333996","pending_cancel":false,
     "size_in_quote":false,"total_fees":"0.07996791093331522","size_inclusive_of_fees":false,
     "total_value_after_fees":"6.2420996835","trigger_status":"STOP_PENDING",
     "order_type":"STOP_LIMIT","reject_reason":"REJECT_REASON_UNSPECIFIED","settled":false,
     "product_type":"SPOT","reject_message":"","cancel_message":"",
     "outstanding_hold_amount":"0.4","last_fill_time":null,"edit_history":[],"leverage":"",
     "workable_size":""}
    """#.replacing("@ID@", with: "\(ownID)")

  static let fill = #"""
    {"entry_id":"e-1","trade_id":"1111","order_id":"0000-0000-0001",
     "trade_time":"2026-11-22T10:00:01.000000001Z","trade_type":"FILL","price":"95000.01",
     "size":"0.1","commission":"0.0000280983986004","product_id":"BTC-USD",
     "sequence_timestamp":"2026-11-22T10:00:01.5Z","liquidity_indicator":"TAKER",
     "size_in_quote":false,"user_id":"u","side":"SELL","retail_portfolio_id":"p"}
    """#

  static let userOrder = #"""
    {"order_id":"0000-0000-0001","client_order_id":"@ID@","product_id":"BTC-USD",
     "product_type":"SPOT","order_side":"SELL","order_type":"Stop Limit","status":"OPEN",
     "cumulative_quantity":"0.1","leaves_quantity":"0.4","avg_price":"95000.005",
     "filled_value":"9500.0005","number_of_fills":"2","total_fees":"0.07",
     "total_value_after_fees":"","completion_percentage":"20","outstanding_hold_amount":"0.4",
     "limit_price":"95000","stop_price":"95500","post_only":"false","time_in_force":"GTC",
     "trigger_status":"STOP_TRIGGERED","cancel_reason":"","reject_Reason":"",
     "creation_time":"2026-11-22T10:00:00Z"}
    """#.replacing("@ID@", with: "\(ownID)")

  static let exchangeOrder = #"""
    {"id":"d50ec984-77a8-460a-b958-66f114b0de9b","price":"95000.00","size":"0.50000000",
     "product_id":"BTC-USD","profile_id":"p","side":"sell","type":"limit","time_in_force":"GTC",
     "post_only":false,"created_at":"2026-11-22 10:00:00.123+00","fill_fees":"0.0799679109333152",
     "filled_size":"0.10000000","executed_value":"9500.0000000000000000","status":"active",
     "settled":false,"stop":"loss","stop_price":"95500.01","client_oid":"@ID@","market_type":"SPOT"}
    """#.replacing("@ID@", with: "\(ownID)")

  /// The messages of both feeds, for tests that break them.
  static let advancedTradeMessages = [
    envelope("subscriptions", #"{"subscriptions":{"ticker":["BTC-USD"],"user":["uuid"]}}"#),
    envelope(
      "heartbeats",
      #"{"current_time":"2026-11-22 10:00:00.1 +0000 UTC m=+9.5","heartbeat_counter":3049}"#),
    envelope(
      "market_trades",
      #"""
      {"type":"snapshot","trades":[
        {"trade_id":"12","product_id":"BTC-USD","price":"97000.02","size":"0.3","side":"SELL",
         "time":"2026-11-22T10:00:02.5Z"},
        {"trade_id":"11","product_id":"BTC-USD","price":"97000.01","size":"0.2","side":"BUY",
         "time":"2026-11-22T10:00:02.5Z"}]}
      """#),
    envelope(
      "ticker",
      #"""
      {"type":"update","tickers":[{"type":"ticker","product_id":"BTC-USD","price":"97000.01",
        "volume_24_h":"1","low_24_h":"1","high_24_h":"1","price_percent_chg_24_h":"4.1",
        "best_bid":"97000","best_bid_quantity":"1","best_ask":"97000.02","best_ask_quantity":"2"}]}
      """#),
    envelope(
      "candles",
      #"""
      {"type":"update","candles":[
        {"start":"1763805900","high":"3","low":"1","open":"2","close":"2.5","volume":"7.123456789",
         "product_id":"BTC-USD"},
        {"start":"1763805600","high":"2","low":"2","open":"2","close":"2","volume":"1",
         "product_id":"BTC-USD"}]}
      """#),
    envelope("user", #"{"type":"snapshot","orders":[USER],"positions":{}}"#)
      .replacing("USER", with: userOrder),
    #"{"type":"error","message":"authentication failure"}"#,
  ]

  private static func envelope(_ channel: String, _ event: String) -> String {
    #"{"channel":"\#(channel)","client_id":"","timestamp":"2026-11-22T10:00:03.000000007Z","#
      + #""sequence_num":5,"events":[\#(event)]}"#
  }

  static let exchangeMessages = [
    #"{"type":"subscriptions","channels":[{"name":"ticker","product_ids":["BTC-USD"],"account_ids":null}]}"#,
    #"{"type":"heartbeat","sequence":90,"last_trade_id":20,"product_id":"BTC-USD","time":"2026-11-22T10:00:00.5Z"}"#,
    #"""
    {"type":"ticker","sequence":1,"product_id":"BTC-USD","price":"97000.01","open_24h":"1",
     "best_bid":"97000.00","best_bid_size":"1","best_ask":"97000.02","best_ask_size":"1",
     "side":"buy","time":"2026-11-22T10:00:00.5Z","trade_id":21,"last_size":"0.1"}
    """#,
    match,
    #"{"type":"received","time":"2026-11-22T10:00:00Z","product_id":"BTC-USD","sequence":10,"order_id":"o-1","size":"1","price":"5","side":"buy","order_type":"limit","client_oid":"c-1"}"#,
    #"{"type":"open","time":"2026-11-22T10:00:00Z","product_id":"BTC-USD","sequence":10,"order_id":"o-1","price":"5","remaining_size":"1.00","side":"sell"}"#,
    #"{"type":"done","time":"2026-11-22T10:00:00Z","product_id":"BTC-USD","sequence":10,"price":"5","order_id":"o-1","reason":"canceled","side":"sell","remaining_size":"0.25"}"#,
    #"{"type":"change","time":"2026-11-22T10:00:00Z","reason":"STP","sequence":80,"order_id":"o-1","product_id":"BTC-USD","new_size":"5.2","old_size":"12.2","price":"4","side":"sell"}"#,
    #"{"type":"activate","product_id":"BTC-USD","timestamp":"1483736448.299000","user_id":"12","profile_id":"p","order_id":"o-1","stop_type":"loss","side":"sell","stop_price":"80","size":"2","funds":"50","private":true}"#,
    #"{"type":"error","message":"Failed to subscribe","reason":"user channel requires authentication"}"#,
  ]

  static let match = #"""
    {"type":"match","trade_id":10,"sequence":50,"maker_order_id":"o-1","taker_order_id":"o-2",
     "time":"2026-11-22T10:00:00Z","product_id":"BTC-USD","size":"5.23512","price":"400.23",
     "side":"sell","user_id":"u","profile_id":"p","maker_user_id":"u","maker_fee_rate":"0.005"}
    """#
}

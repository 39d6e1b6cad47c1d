import Execution
import Market
import Strategy

extension TradeExplanation {
  /// The explanation for programs: `ratchet-why 1`.
  public func write(to json: inout JSONWriter) {
    json.beginObject(.lines)
    json.member("format", "ratchet-why 1")
    json.member("trade", number)
    json.member("trades", count)
    if let place = placeInAccount {
      json.member("account_trade", place.number)
      json.member("account_trades", place.count)
    }
    json.member("product", product.id)
    json.member("strategy", strategy)
    signal.write(time: entry.order.submitted, to: &json)
    writeEntry(to: &json)
    json.key("stops")
    json.beginArray(.lines)
    for stop in stops { write(stop.leg, highest: stop.highest, to: &json) }
    json.endArray()
    json.key("rescues")
    json.beginArray(.lines)
    for rescue in rescues { write(rescue, highest: nil, to: &json) }
    json.endArray()
    json.key("fills")
    json.beginArray(.lines)
    for execution in executions { execution.write(to: &json) }
    json.endArray()
    json.key("result")
    json.beginObject()
    json.member("exit_reason", trade.exitReason.rawValue)
    json.member("entry_time", trade.entryTime)
    json.member("exit_time", trade.exitTime)
    json.member("highest", trade.highest)
    json.member("entry_notional", trade.entryNotional)
    json.member("exit_notional", trade.exitNotional)
    json.member("gross", gross)
    json.member("fees", trade.fees)
    json.member("realised", trade.realised)
    json.member("return", returned)
    json.endObject()
    json.endObject()
  }

  private func writeEntry(to json: inout JSONWriter) {
    json.key("entry")
    json.beginObject()
    json.member("order", entry.order.id.number)
    json.member("price", entry.order.limit)
    json.member("quantity", entry.order.quantity)
    json.member("filled", entry.filled)
    json.member("ending", entry.ending?.rawValue)
    terms.writeSize(to: &json)
    json.endObject()
  }

  private func write(_ leg: StopHistory.Leg, highest: Price?, to json: inout JSONWriter) {
    json.beginObject()
    json.member("order", leg.number)
    json.member("role", leg.role.rawValue)
    json.member("from", leg.from)
    json.member("to", leg.to)
    json.member("highest", highest)
    json.member("trigger", leg.trigger)
    json.member("limit", leg.limit)
    json.member("quantity", leg.quantity)
    json.member("filled", leg.filled)
    json.member("because", leg.cancelReason?.rawValue)
    json.endObject()
  }
}

extension TradeExplanation.Execution {
  fileprivate func write(to json: inout JSONWriter) {
    json.beginObject()
    json.member("time", fill.time)
    json.member("order", fill.order.number)
    json.member("role", role.rawValue)
    json.member("side", fill.side.rawValue)
    json.member("price", fill.price)
    json.member("quantity", fill.quantity)
    json.member("fee", fill.fee)
    json.member("liquidity", fill.liquidity.rawValue)
    json.member("market", market)
    json.member("slippage", slippage)
    json.endObject()
  }
}

import Execution
import Market
import Strategy

/// What a run of one pair and a pair of a portfolio both tell in their result files.
struct RunMembers {
  private let result: RunResult

  /// The members of a pair's run.
  init(_ result: RunResult) { self.result = result }

  /// What the run was made from.
  func writeInputs(_ json: inout JSONWriter) {
    json.member("set", result.changed)
    json.member("parameters", result.settings)
    json.key("candles")
    json.value(result.candleCheck, result.data)
    json.member("warm_up", result.warmUp)
  }

  /// What is left at the end, and what the candles say without the run.
  func writeEnd(_ json: inout JSONWriter) {
    json.key("open_position")
    if let position = result.openPosition {
      json.beginObject()
      json.member("entry_time", position.entryTime)
      json.member("quantity", position.quantity)
      json.member("highest", position.highest)
      json.member("trigger", position.trigger)
      json.endObject()
    } else {
      json.null()
    }
    json.key("working_orders")
    json.beginArray()
    for number in result.workingOrders { json.value(number) }
    json.endArray()
    let medianRange = result.medianRange
    json.member("median_range", medianRange)
    json.member("trail_warning", result.trailWarning(medianRange: medianRange))
    json.member("buy_and_hold", result.buyAndHold)
  }

  /// Everything that happened, one thing in a line.
  func writeLists<Failure: Error>(
    _ json: inout JSONWriter, to sink: ([UInt8]) throws(Failure) -> Void
  ) throws(Failure) {
    try json.list("indicators", result.indicators, to: sink) { row, json in
      json.member("time", row.time)
      for reading in row.readings { json.member(reading.name, reading.value) }
    }
    try json.list("signals", result.record.signals, to: sink) { signal, json in
      json.member("time", signal.time)
      json.member("result", signal.outcome.word)
    }
    try json.list("orders", result.record.orders, to: sink) { $0.write(to: &$1) }
    try json.list("fills", result.record.fills, to: sink) { $0.write(to: &$1) }
    try json.list("trades", result.record.trades, to: sink) { $0.write(to: &$1) }
    try json.list("anomalies", result.record.anomalies, to: sink) { anomaly, json in
      json.member("text", anomaly.description)
    }
  }
}

extension RunRecord.OrderEntry {
  fileprivate func write(to json: inout JSONWriter) {
    json.member("id", order.id.number)
    json.member("role", role.rawValue)
    json.member("price", order.limit)
    json.member("trigger", order.trigger)
    json.member("quantity", order.quantity)
    json.member("submitted", order.submitted)
    json.member("done", done)
    json.member("filled", filled)
    json.member("ending", endingWord)
    json.member("because", cancelReason?.rawValue)
    json.member("client_order_id", order.id.description)
  }
}

extension Fill {
  /// Writes its members.
  func write(to json: inout JSONWriter) {
    json.member("time", time)
    json.member("order", order.number)
    json.member("side", side.rawValue)
    json.member("price", price)
    json.member("quantity", quantity)
    json.member("fee", fee)
    json.member("liquidity", liquidity.rawValue)
  }
}

extension ClosedTrade {
  fileprivate func write(to json: inout JSONWriter) {
    json.member("entry_time", entryTime)
    json.member("exit_time", exitTime)
    json.member("entry_order", entryOrder)
    json.member("quantity", quantity)
    json.member("entry_notional", entryNotional)
    json.member("exit_notional", exitNotional)
    json.member("fees", fees)
    json.member("realised", realised)
    json.member("exit_reason", exitReason.rawValue)
    json.member("highest", highest)
    json.member("ratchets", ratchets)
    json.member("escalations", escalations)
  }
}

import Execution
import Market
import Strategy

extension DecisionExplanation {
  /// The explanation for programs: `ratchet-why-signal 1`.
  public func write(to json: inout JSONWriter) {
    json.beginObject(.lines)
    json.member("format", "ratchet-why-signal 1")
    json.member("product", product.id)
    json.member("strategy", strategy)
    signal.write(time: account.time, to: &json)
    json.key("entry")
    json.beginObject()
    json.member("price", terms.limit)
    json.member("quantity", terms.cut ?? terms.quantity)
    json.member("notional", terms.notional)
    terms.writeSize(to: &json)
    json.endObject()
    writeAccount(to: &json)
    writeOutcome(to: &json)
    json.endObject()
  }

  private func writeAccount(to json: inout JSONWriter) {
    json.key("account")
    json.beginObject(.lines)
    json.member("cash", account.cash)
    json.member("equity", account.equity)
    json.member("available", account.available.description)
    json.member("capital", capital)
    json.key("pairs")
    json.beginArray(.lines)
    for (pair, stake) in zip(pairs, account.stakes) {
      json.beginObject()
      json.member("pair", pair.name)
      json.member("correlation_group", pair.group)
      json.member("position", stake.position)
      json.member("close", stake.close)
      json.member("worth", stake.worth)
      json.member("unfilled", stake.unfilled)
      json.member("limit", stake.limit)
      json.member("ordered", stake.ordered)
      json.endObject()
    }
    json.endArray()
    json.key("breaker")
    if let trip = account.trip {
      trip.write(to: &json)
    } else {
      json.null()
    }
    json.key("day")
    if let day = account.day {
      json.beginObject()
      json.member("first_time", day.firstTime)
      json.member("first_equity", day.firstEquity)
      json.member("lost", day.lost)
      json.endObject()
    } else {
      json.null()
    }
    json.endObject()
  }

  private func writeOutcome(to json: inout JSONWriter) {
    json.key("outcome")
    json.beginObject()
    switch outcome {
    case .entry(let entry, let trade):
      json.member("result", "entry")
      json.member("order", entry.order.id.number)
      json.member("filled", entry.filled)
      json.member("ending", entry.ending?.rawValue)
      json.member("done", entry.done)
      json.key("trade")
      if let trade { json.value(trade) } else { json.null() }
    case .position(let position):
      json.member("result", SkipCause.position.rawValue)
      json.member("entry_time", position?.entryTime)
      json.member("quantity", position?.quantity)
      json.member("trigger", position?.trigger)
    case .workingOrder(let entry):
      json.member("result", SkipCause.workingOrder.rawValue)
      if let entry {
        json.member("order", entry.order.id.number)
        json.member("role", entry.role.rawValue)
        json.member("submitted", entry.order.submitted)
        json.member("filled", entry.filled)
      }
    case .cooldown(let exit, let candles, let required):
      json.member("result", SkipCause.cooldown.rawValue)
      json.member("exit_time", exit)
      if let candles { json.member("candles", candles) }
      if let required { json.member("required", required) }
    case .size: json.member("result", SkipCause.size.rawValue)
    case .refused(let refusal, let number):
      json.member("result", SkipCause.risk.rawValue)
      json.member("refusal", number)
      json.member("refusals", refusals)
      json.member("rule", refusal.rule.rawValue)
      json.member("value", refusal.value.description)
      json.member("limit", refusal.limit.description)
    case .halted: json.member("result", SkipCause.risk.rawValue)
    }
    json.endObject()
  }
}

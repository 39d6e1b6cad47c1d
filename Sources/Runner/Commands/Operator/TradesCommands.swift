import Persistence
import Reporting

/// `runner trades list`, positions that are closed, and `runner trades position ID`, the executions of
/// one.
enum TradesCommands {
  static let all = [list, position]

  private static let list = WatchingCommand(
    ["trades", "list"], "list closed positions with what they realised",
    options: [Watching.pair] + Watching.times("Closed") + [Watching.limit], json: "the trades"
  ) { run in
    let trades = try run.store.positions(.over, run.selection)
    var json = run.document("ratchet-trades 1")
    json.key("trades")
    json.beginArray(.lines)
    for trade in trades {
      json.beginObject()
      run.write(trade, to: &json)
      json.endObject()
    }
    json.endArray()
    json.endObject()
    return (run.tradesTable(trades), json)
  }

  private static let position = WatchingCommand(
    ["trades", "position"], "list the executions of a position", asksForID: true,
    json: "the executions"
  ) { run in
    let (pair, number) = try run.store.reader.position(named: run.id, among: run.store.pairs)
    let record = try run.store.record(ofPosition: number, of: pair)
    var json = run.document("ratchet-executions 1")
    json.key("position")
    json.beginObject()
    run.write(record.position, to: &json)
    json.endObject()
    run.write(record.fills, ofPair: pair, to: &json)
    json.endObject()
    return (run.table(record.fills, pair).text(orElse: "No executions."), json)
  }
}

import Execution
import Market
import Persistence
import Reporting

/// `runner positions show ID`: all of one position, its ratchet and what of it had no stop.
enum PositionShowCommand {
  static let command = WatchingCommand(
    ["positions", "show"], "show a position, its stop's history and coverage", asksForID: true,
    json: "the position"
  ) { run in
    let (pair, number) = try run.store.reader.position(named: run.id, among: run.store.pairs)
    let record = try run.store.record(ofPosition: number, of: pair)
    return (text(record, run), json(record, run))
  }

  private static func json(_ record: PositionRecord, _ run: Watched) -> JSONWriter {
    let pair = record.position.pair
    var json = run.document("ratchet-position 1")
    json.key("position")
    json.beginObject(.lines)
    run.write(record.position, to: &json)
    json.member("stop_limit", record.exit?.order.limit)
    json.endObject()
    json.key("stop_steps")
    json.beginArray(.lines)
    for step in record.steps {
      json.beginObject()
      json.member("ordinal", step.ordinal)
      json.member("time", step.time)
      json.member("from_trigger", step.from)
      json.member("trigger", step.to)
      json.member("limit", step.limit)
      json.member("highest", step.highest)
      json.member(
        "order", step.order.map { StoreName.order($0, of: run.store.pairs[pair].product) })
      json.member("accepted", step.accepted)
      json.member("delay_s", step.delay.map { Timestamp(nanoseconds: $0.nanoseconds) })
      json.endObject()
    }
    json.endArray()
    json.member("stop_coverage", record.coverage)
    json.key("orders")
    json.beginArray(.lines)
    for order in record.orders {
      json.beginObject()
      run.write(order, ofPair: pair, to: &json)
      json.endObject()
    }
    json.endArray()
    run.write(record.fills, ofPair: pair, to: &json)
    json.endObject()
    return json
  }

  private static func text(_ record: PositionRecord, _ run: Watched) -> String {
    let (position, pair) = (record.position, record.position.pair)
    let row = position.row
    var sheet = SummarySheet()
    sheet.line("Position \(run.name(of: position))")
    sheet.line(run.heading)
    sheet.title("Position")
    sheet.row(
      "Opened", "", "\(Display.minute(row.opened)), by \(run.name(ofOrder: row.entry, pair))")
    if let closed = row.closed {
      let reason = row.exitReason?.rawValue.replacing("_", with: " ") ?? ""
      sheet.row("Closed", "", "\(Display.minute(closed)), by \(reason)")
    }
    sheet.row("Quantity", row.held.description, "of \(row.bought) bought")
    sheet.row("Bought at", run.price(position.entryPrice, pair), "on average")
    sheet.row("Cost", run.amount(row.entryNotional), "without fees")
    sheet.row("Fees", run.amount(row.fees))
    if row.exitNotional != .zero {
      sheet.row(
        "Sold for", run.amount(row.exitNotional), "at \(run.price(position.exitPrice, pair))")
    }
    if let realised = position.realised { sheet.row("Realised", run.amount(realised)) }
    if row.closed == nil {
      let close = run.price(run.store.pairs[pair].close, pair)
      sheet.row("Value", run.amount(position.worth), "at the latest close, \(close)")
      sheet.row("Unrealised", run.amount(position.unrealised), "after the fees so far")
    }
    sheet.row("Highest", run.price(row.highest, pair), "at fills, ratchets and the end")
    sheet.title("Stop")
    sheet.row("Trigger", run.price(row.trigger, pair))
    if let exit = record.exit {
      let order = run.name(ofOrder: exit.order.id.number, pair)
      sheet.row(
        "Limit", run.price(exit.order.limit, pair),
        "\(order), \(exit.role.rawValue), \(exit.state.shown)")
    }
    if row.escalations > 0 { sheet.row("Rescues", Display.count(row.escalations)) }
    sheet.coverage(record.coverage, run.unit)
    if !record.steps.isEmpty { sheet.table("Ratchet", steps(record, run)) }
    sheet.table("Orders", run.table(record.orders.map { StoredOrder(pair: pair, row: $0) }))
    sheet.table("Fills", run.table(record.fills, pair))
    return sheet.text
  }

  private static func steps(_ record: PositionRecord, _ run: Watched) -> TextTable {
    let pair = record.position.pair
    return TextTable(
      columns: [
        .init("#"), .init("Time (UTC)", isNumber: false), .init("Highest"), .init("Trigger"),
        .init("Limit"), .init("Order", isNumber: false), .init("In place after"),
      ],
      rows: record.steps.map { step in
        [
          "\(step.ordinal)", Display.minute(step.time), run.price(step.highest, pair),
          run.price(step.to, pair), run.price(step.limit, pair),
          step.order.map { run.name(ofOrder: $0, pair) } ?? Display.none,
          step.delay.map { Display.exactDuration(seconds: Double($0.nanoseconds) / 1e9) }
            ?? Display.none,
        ]
      })
  }
}

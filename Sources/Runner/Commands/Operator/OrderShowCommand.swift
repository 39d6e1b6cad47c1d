import Configuration
import Execution
import Market
import Persistence
import Reporting

/// `runner orders show ID`: the life of one order.
enum OrderShowCommand {
  static let command = WatchingCommand(
    ["orders", "show"], "tell the life of an order", asksForID: true, json: "the order"
  ) { run in
    let (pair, number) = try run.store.reader.order(named: run.id, among: run.store.pairs)
    let (order, fills) = try run.store.order(number, of: pair)
    var json = run.document("ratchet-order 1")
    json.key("order")
    json.beginObject(.lines)
    run.write(order.row, ofPair: pair, to: &json)
    json.endObject()
    run.write(fills, ofPair: pair, to: &json)
    json.endObject()
    return (text(order.row, pair, fills, run), json)
  }

  private static func text(
    _ row: OrderRow, _ pair: Int, _ fills: [StoredFill], _ run: Watched
  ) -> String {
    let order = row.order
    var sheet = SummarySheet()
    sheet.line("Order \(run.name(ofOrder: order.id.number, pair))")
    sheet.line(run.heading)
    sheet.title("Order")
    let price = run.price(order.limit, pair)
    let kind = order.trigger.map { "stop-limit, trigger \(run.price($0, pair))" } ?? "limit"
    sheet.row(
      order.side.rawValue, order.quantity.description,
      "at \(price), \(kind)\(order.isPostOnly ? ", post-only" : "")")
    sheet.row("Filled", row.filled.description)
    sheet.row("Role", row.role.rawValue)
    sheet.row("State", row.state.shown)
    if let position = row.position {
      sheet.row("Position", run.name(ofPosition: position, pair))
    }
    if let reason = row.cancelReason { sheet.row("Cancel reason", reason.rawValue) }
    if let why = row.rejection { sheet.row("Refused for", why.rawValue) }
    sheet.line("  Client order id     \(order.id)")
    sheet.line("  Exchange order id   \(row.exchangeID.map { shown($0) } ?? Display.none)")
    sheet.title("Times (UTC)")
    for (name, time) in [
      ("Submitted", order.submitted), ("Accepted", row.accepted),
      ("Cancel asked", row.cancelTime), ("Done", row.done),
    ] as [(String, Timestamp?)] {
      sheet.line("  \(name)\(String(repeating: " ", count: 20 - name.count))\(Watched.exact(time))")
    }
    if !fills.isEmpty { sheet.table("Fills", run.table(fills, pair)) }
    return sheet.text
  }
}

extension Watched {
  /// A time as exactly as it is known.
  static func exact(_ time: Timestamp?) -> String { time?.description ?? Display.none }

  /// Fills, a line each.
  func table(_ fills: [StoredFill], _ pair: Int) -> TextTable {
    TextTable(
      columns: [
        .init("Time (UTC)", isNumber: false), .init("Order", isNumber: false, isOptional: true),
        .init("Side", isNumber: false), .init("Quantity"), .init("Price"), .init("Fee"),
        .init("As", isNumber: false), .init("Held then"),
      ],
      rows: fills.map { row in
        [
          Display.minute(row.fill.time), name(ofOrder: row.fill.order.number, pair),
          row.fill.side.rawValue, row.fill.quantity.description, price(row.fill.price, pair),
          Display.fixed(row.fill.fee), row.fill.liquidity.rawValue, row.held.description,
        ]
      })
  }

  /// Writes the member `fills`.
  func write(_ fills: [StoredFill], ofPair pair: Int, to json: inout JSONWriter) {
    json.key("fills")
    json.beginArray(.lines)
    for row in fills {
      json.beginObject()
      json.member("id", "\(row.fill.id)")
      json.member(
        "order", StoreName.order(row.fill.order.number, of: store.pairs[pair].product))
      json.member("event", row.seq)
      json.member("time", row.fill.time)
      json.member("side", row.fill.side.rawValue)
      json.member("price", row.fill.price)
      json.member("quantity", row.fill.quantity)
      json.member("fee", row.fill.fee)
      json.member("liquidity", row.fill.liquidity.rawValue)
      json.member("held", row.held)
      json.endObject()
    }
    json.endArray()
  }
}

import Execution
import Market
import Persistence
import Reporting

/// `runner orders list`: what works at the exchange, and what did.
enum OrdersListCommand {
  static let command = WatchingCommand(
    ["orders", "list"], "list working orders, or all there were",
    options: [
      Option("--open", help: "Working ones alone, which is what happens anyhow."),
      Option("--all", help: "Those that are over as well."), Watching.pair,
    ] + Watching.times("Submitted") + [Watching.limit], json: "the orders"
  ) { run in
    if run.has("--all"), run.has("--open") {
      throw UsageError.conflict("--all", "--open", why: "the one has what the other leaves out")
    }
    let orders = try run.store.orders(run.has("--all") ? .either : .open, run.selection)
    var json = run.document("ratchet-orders 1")
    json.key("orders")
    json.beginArray(.lines)
    for order in orders {
      json.beginObject()
      run.write(order.row, ofPair: order.pair, to: &json)
      json.endObject()
    }
    json.endArray()
    json.endObject()
    let nothing = run.has("--all") ? "No orders." : "No working orders."
    return (run.table(orders).text(orElse: nothing), json)
  }
}

extension Watched {
  /// Orders, a line each.
  func table(_ orders: [StoredOrder]) -> TextTable {
    TextTable(
      columns: [
        .init("Order", isNumber: false), .init("Role", isNumber: false),
        .init("State", isNumber: false), .init("Submitted (UTC)", isNumber: false),
        .init("Quantity"), .init("Trigger"), .init("Limit"), .init("Filled", isOptional: true),
      ],
      rows: orders.map { order in
        [
          name(ofOrder: order.row.order.id.number, order.pair), order.row.role.rawValue,
          order.row.state.shown, Display.minute(order.row.order.submitted),
          order.row.order.quantity.description, price(order.row.order.trigger, order.pair),
          price(order.row.order.limit, order.pair), order.row.filled.description,
        ]
      })
  }

  /// Writes an order as members of an object.
  func write(_ row: OrderRow, ofPair pair: Int, to json: inout JSONWriter) {
    let product = store.pairs[pair].product
    json.member("id", StoreName.order(row.order.id.number, of: product))
    json.member("client_order_id", row.order.id.description)
    json.member("exchange_id", row.exchangeID)
    json.member("pair", product)
    json.member("position", row.position.map { StoreName.position($0, of: product) })
    json.member("role", row.role.rawValue)
    json.member("side", row.order.side.rawValue)
    json.member("state", row.state.rawValue)
    json.member("quantity", row.order.quantity)
    json.member("filled", row.filled)
    json.member("limit", row.order.limit)
    json.member("trigger", row.order.trigger)
    json.member("post_only", row.order.isPostOnly)
    json.member("submitted", row.order.submitted)
    json.member("accepted", row.accepted)
    json.member("cancel_asked", row.cancelTime)
    json.member("cancel_reason", row.cancelReason?.rawValue)
    json.member("rejection", row.rejection?.rawValue)
    json.member("done", row.done)
  }
}

extension OrderState {
  /// The state's word as people write it.
  var shown: String { rawValue.replacing("_", with: " ") }
}

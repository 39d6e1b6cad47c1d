import Execution
import Market
import Persistence
import Reporting

/// `runner positions list`: what is held, and what was.
enum PositionsListCommand {
  static let command = WatchingCommand(
    ["positions", "list"], "list open positions, or all there were",
    options: [
      Option("--all", help: "Closed ones as well."),
      Option("--closed", help: "Closed ones alone."),
      Watching.pair,
    ] + Watching.times("Held (with --closed: closed)") + [Watching.limit], json: "the positions"
  ) { run in
    if run.has("--all"), run.has("--closed") {
      throw UsageError.conflict("--all", "--closed", why: "the one has what the other leaves out")
    }
    let ending: Ending = run.has("--all") ? .either : run.has("--closed") ? .over : .open
    let positions = try run.store.positions(ending, run.selection)
    var json = run.document("ratchet-positions 1")
    json.key("positions")
    json.beginArray(.lines)
    for position in positions {
      json.beginObject()
      run.write(position, to: &json)
      json.endObject()
    }
    json.endArray()
    json.endObject()
    return (text(positions, ending, run), json)
  }

  private static func text(
    _ positions: [StoredPosition], _ ending: Ending, _ run: Watched
  ) -> String {
    let open = positions.filter { $0.row.closed == nil }
    let closed = run.tradesTable(positions)
    let openText = table(open, run).text(orElse: "No open positions.")
    switch ending {
    case .open: return openText
    case .over: return closed
    case .either: return "Open\n\(openText)\nClosed\n\(closed)"
    }
  }

  private static func table(_ positions: [StoredPosition], _ run: Watched) -> TextTable {
    TextTable(
      columns: [
        .init("Position", isNumber: false), .init("Opened (UTC)", isNumber: false),
        .init("Quantity"), .init("Bought at"), .init("Close"), .init("Stop"), .init("Unrealised"),
      ],
      rows: positions.map { position in
        [
          run.name(of: position), Display.minute(position.row.opened),
          position.row.held.description, run.price(position.entryPrice, position.pair),
          run.price(run.store.pairs[position.pair].close, position.pair),
          run.price(position.row.trigger, position.pair), run.amount(position.unrealised),
        ]
      })
  }
}

extension Watched {
  /// The closed ones of some positions as a backtest prints its trades.
  func tradesTable(_ positions: [StoredPosition]) -> String {
    TradesTable(
      named: positions.compactMap { position in
        position.trade.map { (name(of: position), priceDecimals(position.pair), $0) }
      }
    ).description
  }

  /// Writes a position as members of an object.
  func write(_ position: StoredPosition, to json: inout JSONWriter) {
    let row = position.row
    json.member("id", StoreName.position(row.number, of: store.pairs[position.pair].product))
    json.member("pair", store.pairs[position.pair].product)
    json.member("state", row.closed == nil ? "open" : "closed")
    json.member("opened", row.opened)
    json.member("closed", row.closed)
    json.member("quantity", row.held)
    json.member("bought", row.bought)
    json.member("entry_notional", row.entryNotional)
    json.member("exit_notional", row.exitNotional)
    json.member("fees", row.fees)
    json.member("entry_price", position.entryPrice)
    json.member("exit_price", position.exitPrice)
    json.member("close", row.closed == nil ? store.pairs[position.pair].close : nil)
    json.member("value", position.worth)
    json.member("realised", position.realised)
    json.member("unrealised", position.unrealised)
    json.member("stop_trigger", row.trigger)
    json.member("highest", row.highest)
    json.member("ratchets", row.ratchets)
    json.member("escalations", row.escalations)
    json.member("exit_reason", row.exitReason?.rawValue)
  }
}

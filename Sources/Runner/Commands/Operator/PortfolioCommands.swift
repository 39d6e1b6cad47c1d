import Configuration
import Market
import Persistence
import Reporting

/// `runner portfolio`: the account as it stands, as a whole and by pair.
enum PortfolioCommands {
  static let all = [summary, pairs, concentration, drift]

  private static func command(
    _ word: String, _ summary: String, _ json: String,
    _ answer: @escaping @Sendable (AccountView, Watched) throws -> (text: String, json: JSONWriter)
  ) -> WatchingCommand {
    WatchingCommand(["portfolio", word], summary, json: json) { try answer(AccountView($0), $0) }
  }

  // MARK: - Summary

  private static let summary = command(
    "summary", "show cash, equity, exposure and what was won", "the figures"
  ) { account, run in
    var coverage = StopCoverage()
    for part in try run.store.coverage(of: account.open + account.closed) { coverage += part }
    let halted = try HaltedPairs(of: run.store)
    return (text(account, coverage, halted, run), json(account, coverage, halted, run))
  }

  private static func text(
    _ account: AccountView, _ coverage: StopCoverage, _ halted: HaltedPairs, _ run: Watched
  ) -> String {
    let standing = account.standing
    var sheet = SummarySheet()
    sheet.line("Portfolio")
    sheet.line(run.heading)
    sheet.title("Account (\(run.unit))")
    sheet.row("Started with", run.amount(run.store.run.cash))
    sheet.row("Equity", run.amount(standing.equity), "at the latest closes")
    let share = Display.percent(account.share(standing.cash))
    sheet.row("Cash", run.amount(standing.cash), "\(share) of equity")
    let atStake = Display.percent(account.share(account.exposure))
    sheet.row(
      "At stake", run.amount(account.exposure), "\(atStake) of equity, working entries included")
    sheet.row("Realised", run.amount(account.profit.realised), "by closed positions, after fees")
    sheet.row("Unrealised", run.amount(account.profit.unrealised), "by open ones, fees so far")
    sheet.row("Fees", run.amount(account.fees))
    sheet.title("Activity")
    let words = halted.words(run.name(ofPair:))
    sheet.row(
      "Pairs", Display.count(run.store.pairs.count), words.isEmpty ? "" : "halted \(words)")
    sheet.row("Open positions", Display.count(account.open.count), largest(account, run))
    sheet.row("Working orders", Display.count(standing.workingOrders))
    sheet.row("Closed trades", Display.count(account.closed.count))
    if let trip = standing.trip {
      sheet.row("Breaker", run.amount(trip.equity), "tripped \(Display.minute(trip.time))")
    }
    sheet.coverage(coverage, run.unit)
    return sheet.text
  }

  private static func largest(_ account: AccountView, _ run: Watched) -> String {
    account.largest.map {
      let share = Display.percent(account.share(account.exposure(of: $0)))
      return "most at stake: \(run.name(ofPair: $0)), \(share) of equity"
    } ?? ""
  }

  private static func json(
    _ account: AccountView, _ coverage: StopCoverage, _ halted: HaltedPairs, _ run: Watched
  ) -> JSONWriter {
    let standing = account.standing
    var json = run.document("ratchet-portfolio-summary 1")
    json.member("starting_cash", run.store.run.cash)
    json.member("cash", standing.cash)
    json.member("equity", standing.equity)
    json.member("exposure", account.exposure)
    json.member("exposure_share", account.share(account.exposure))
    json.member("realised", account.profit.realised)
    json.member("unrealised", account.profit.unrealised)
    json.member("fees", account.fees)
    json.member("open_positions", account.open.count)
    json.member("working_orders", standing.workingOrders)
    json.member("trades", account.closed.count)
    json.member("breaker_tripped", standing.trip != nil)
    halted.write(to: &json) { run.store.pairs[$0].product }
    json.member("stop_coverage", coverage)
    json.endObject()
    return json
  }

  // MARK: - Pairs

  private static let pairs = command(
    "pairs", "show what each pair holds, weighs and has won", "the pairs"
  ) { account, run in
    var json = run.document("ratchet-portfolio-pairs 1")
    json.member("equity", account.standing.equity)
    json.key("pairs")
    json.beginArray(.lines)
    let halted = try HaltedPairs(of: run.store)
    var rows: [[String]] = []
    for (index, pair) in run.store.pairs.enumerated() {
      let trades = TradeGroup(account.closed.filter { $0.pair == index }.compactMap(\.trade))
      let worth = account.standing.positions[index]
      json.beginObject()
      json.member("pair", pair.product)
      json.member("group", pair.group)
      json.member("quantity", account.standing.held[index])
      json.member("close", pair.close)
      json.member("close_time", pair.closeTime)
      json.member("value", worth)
      json.member("weight", account.share(worth))
      json.member("entries", account.standing.entries[index])
      json.member("exposure", account.exposure(of: index))
      json.member("realised", account.profits[index].realised)
      json.member("unrealised", account.profits[index].unrealised)
      json.member("trades", trades.trades)
      json.member("win_rate", trades.winRate)
      json.member("halted", pair.isHalted)
      json.member("halted_by", halted.cause(of: index))
      json.endObject()
      rows.append([
        run.name(ofPair: index), account.standing.held[index].description,
        run.price(pair.close, index), Display.fixed(worth),
        Display.hundredths(account.share(worth)), Display.fixed(account.profits[index].realised),
        Display.fixed(account.profits[index].unrealised), Display.count(trades.trades),
        Display.hundredths(trades.winRate),
      ])
    }
    json.endArray()
    json.endObject()
    let table = TextTable(
      columns: [
        .init("Pair", isNumber: false), .init("Held"), .init("Close"), .init("Value"),
        .init("Weight"), .init("Realised"), .init("Unrealised"), .init("Trades"), .init("Win %"),
      ], rows: rows)
    return ("Pairs\n\(run.heading)\n\n" + table.text(orElse: "No pairs."), json)
  }

  // MARK: - Concentration

  private static let concentration = command(
    "concentration", "show what correlation groups have at stake", "the groups"
  ) { account, run in
    var json = run.document("ratchet-portfolio-concentration 1")
    json.member("equity", account.standing.equity)
    json.member("limit_pct", account.groupLimit)
    json.member("largest", account.largest.map { run.store.pairs[$0].product })
    json.key("groups")
    json.beginArray(.lines)
    var rows: [[String]] = []
    for group in account.groups {
      let exposure = group.exposure(account.exposures)
      json.beginObject()
      json.member("group", group.name)
      json.key("pairs")
      json.beginArray()
      for pair in group.pairs { json.value(run.store.pairs[pair].product) }
      json.endArray()
      json.member("exposure", exposure)
      json.member("share", account.share(exposure))
      json.endObject()
      rows.append([
        shown(group.name), Display.fixed(exposure), Display.hundredths(account.share(exposure)),
        account.groupLimit.map { Display.fixed($0) } ?? Display.none,
        group.pairs.map(run.name(ofPair:)).joined(separator: " "),
      ])
    }
    json.endArray()
    json.endObject()
    let table = TextTable(
      columns: [
        .init("Group", isNumber: false), .init("At stake"), .init("% of equity"),
        .init("Limit %"), .init("Pairs", isNumber: false, isOptional: true),
      ], rows: rows)
    let largest = largest(account, run)
    return (
      "Concentration\n\(run.heading)\n" + (largest.isEmpty ? "" : "\(largest)\n") + "\n"
        + table.text(orElse: "No pairs."), json
    )
  }

  // MARK: - Drift

  private static let drift = command(
    "drift", "compare each pair's weight with its position_size", "the drifts"
  ) { account, run in
    var json = run.document("ratchet-portfolio-drift 1")
    json.member("equity", account.standing.equity)
    json.member("threshold", account.threshold)
    json.key("pairs")
    json.beginArray(.lines)
    for drift in account.drifts {
      json.beginObject()
      json.member("pair", run.store.pairs[drift.pair].product)
      json.member("weight", drift.weight)
      json.member("target", drift.target)
      json.member("drift", drift.drift)
      json.member("beyond_threshold", drift.isBeyondThreshold)
      json.member("to_target", drift.toTarget)
      json.endObject()
    }
    json.endArray()
    json.endObject()
    let table = PortfolioTables.allocation(
      account.drifts, names: run.store.pairs.indices.map(run.name(ofPair:)), run.unit)
    let advice =
      account.threshold.map { "Advised where the drift is above \(Display.percent($0))." }
      ?? "rebalance_threshold_pct is off: nothing is advised."
    return (
      "Drift, in percent of equity\n\(run.heading)\n\n" + table.text(orElse: "") + advice + "\n",
      json
    )
  }
}

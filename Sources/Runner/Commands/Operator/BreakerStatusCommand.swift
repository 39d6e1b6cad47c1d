import Configuration
import Market
import Persistence
import Reporting

/// `runner breaker status`: how near the account is to what ends entries, and what has ended them.
enum BreakerStatusCommand {
  static let command = WatchingCommand(
    ["breaker", "status"], "show the breaker, the daily limit and halted pairs",
    json: "the state",
    details: """
      The breaker sells everything once equity has fallen to its level, and the daily
      limit ends entries for a day. Both are settings of the run.
      """
  ) { run in
    let state = try State(run)
    return (text(state, run), json(state, run))
  }

  /// What is known of it.
  private struct State {
    let equity: Money
    let trip: StoreReader.AccountRow.Trip?
    let halted: HaltedPairs
    /// In percent of the capital, at most 0; `nil` where it is off.
    let loss: Money?
    let level: WideMoney?
    /// In percent of the day's first equity; `nil` where it is off.
    let dailyLimit: Money?
    let day: AccountDay?
    let dayLevel: WideMoney?

    init(_ run: Watched) throws {
      let standing = try run.store.standing(
        try run.store.positions(.open), try run.store.orders(.open))
      equity = standing.equity
      trip = standing.trip
      halted = try HaltedPairs(of: run.store)
      let day = try run.store.day()
      let loss = try Self.percent("portfolio.emergency_liquidation_loss_pct", run, -100...0)
      let dailyLimit = try Self.percent("portfolio.daily_loss_limit_pct", run, 0...100)
      level = loss.map { WideMoney(run.store.run.cash, percent: 100 + $0) }
      dayLevel = dailyLimit.flatMap { limit in
        day.map { WideMoney($0.first, percent: 100 - limit) }
      }
      self.day = day
      self.loss = loss
      self.dailyLimit = dailyLimit
    }

    private static func percent(
      _ key: String, _ run: Watched, _ range: ClosedRange<Money>
    ) throws -> Money? {
      guard let text = try run.setting(key) else { return nil }
      let value = try Money(text)
      guard range.contains(value) else { throw BreakerSettingError(key: key, value: text) }
      return value
    }

    /// Whether the day's loss has ended entries; `nil` where that is off or not known.
    var isDayLost: Bool? {
      guard let day, let dayLevel else { return nil }
      return day.hasRefusal || WideMoney(day.least) <= dayLevel
    }

    /// Equity / first equity − 1 of the day.
    var dayReturn: Double? {
      day.flatMap { $0.first > .zero ? $0.latest.double / $0.first.double - 1 : nil }
    }
  }

  private static func text(_ state: State, _ run: Watched) -> String {
    var sheet = SummarySheet()
    sheet.line("Breaker and limits")
    sheet.line(run.heading)
    sheet.title("Breaker")
    sheet.row("Equity", run.amount(state.equity))
    if let loss = state.loss, let level = state.level {
      sheet.row(
        "Level", Display.fixed(Double(level.description)),
        "\(Display.fixed(loss))% from \(run.amount(run.store.run.cash))")
      let distance = WideMoney(state.equity) - level
      sheet.row("Room", Display.fixed(Double(distance.description)))
    }
    if let trip = state.trip {
      sheet.row(
        "State", "tripped", "\(Display.minute(trip.time)), at \(run.amount(trip.equity))")
    } else {
      sheet.row("State", state.loss == nil ? "off" : "not tripped")
    }
    sheet.title("Day")
    if let limit = state.dailyLimit {
      sheet.row("Limit", "\(Display.fixed(limit))%", "of the day's first equity")
    } else {
      sheet.row("Limit", "off")
    }
    if let day = state.day {
      sheet.row(
        "Began with", run.amount(day.first), "\(Display.minute(day.begin)), after its first close")
      sheet.row("Now", run.amount(day.latest), Display.percent(state.dayReturn))
      if let level = state.dayLevel {
        sheet.row("Level", Display.fixed(Double(level.description)))
        sheet.row("Lost", state.isDayLost == true ? "yes" : "no")
      }
    }
    sheet.title("Entries")
    sheet.row(
      "Halted", "\(state.halted.all.count) of \(run.store.pairs.count)",
      state.halted.words(run.name(ofPair:)))
    return sheet.text
  }

  private static func json(_ state: State, _ run: Watched) -> JSONWriter {
    var json = run.document("ratchet-breaker 1")
    json.member("capital", run.store.run.cash)
    json.member("equity", state.equity)
    json.member("emergency_liquidation_loss_pct", state.loss)
    json.member("level", state.level?.description)
    json.member("tripped", state.trip != nil)
    json.key("trip")
    if let trip = state.trip {
      json.beginObject()
      json.member("time", trip.time)
      json.member("equity", trip.equity)
      json.member("level", trip.level)
      json.endObject()
    } else {
      json.null()
    }
    json.member("daily_loss_limit_pct", state.dailyLimit)
    json.member("day", state.day?.begin)
    json.member("day_first_equity", state.day?.first)
    json.member("day_least_equity", state.day?.least)
    json.member("day_equity", state.day?.latest)
    json.member("day_level", state.dayLevel?.description)
    json.member("day_lost", state.isDayLost)
    state.halted.write(to: &json) { run.store.pairs[$0].product }
    json.endObject()
    return json
  }
}

/// A setting in the manifest of a store that no run can have had.
struct BreakerSettingError: Error, CustomStringConvertible {
  let key: String
  let value: String

  var description: String {
    "the manifest says \(key) is '\(shown(value))', which no run can have: restore a backup made by "
      + "`runner db backup`"
  }
}

package import Execution
package import Market
import Strategy

/// Events as lines of the record; the time stands beside them.
///
///     trade 45123.5
///     candle 1704067200000000000 45000 45200 44900 45123.5 12.5
///     report 17 filled 3 sell 44100 0.25 27.5625 maker
///     force_exit 44000
package enum EventText {
  /// Writes an event of a pair.
  ///
  /// - Parameters:
  ///   - event: What happened.
  ///   - scope: Whose orders are known by their number alone.
  ///   - line: Where it is appended.
  package static func write(_ event: Event, of scope: OrderScope, to line: inout LineWriter) {
    switch event {
    case .trade(let price, _):
      line.word("trade")
      line.decimal(price)
    case .candleClosed(let candle):
      line.word("candle")
      line.number(candle.start.nanoseconds)
      line.decimal(candle.open)
      line.decimal(candle.high)
      line.decimal(candle.low)
      line.decimal(candle.close)
      line.decimal(candle.volume)
    case .clock: line.word("clock")
    case .report(let report): write(report, of: scope, to: &line)
    case .enter(let signal, _):
      line.word("enter")
      line.decimal(signal.reference)
      line.decimal(signal.offset)
      line.number(signal.timeToLive)
      line.word(signal.isPostOnly ? "post_only" : "may_take")
    case .forceExit(let price, _):
      line.word("force_exit")
      line.decimal(price)
    case .cancelEntry(let reason, _):
      line.word("cancel_entry")
      line.word(reason.rawValue)
    case .liquidate: line.word("liquidate")
    case .decide: line.word("decide")
    case .halt: line.word("halt")
    case .resume: line.word("resume")
    }
  }

  private static func write(
    _ report: OrderReport, of scope: OrderScope, to line: inout LineWriter
  ) {
    line.word("report")
    scope.write(report.order, to: &line)
    switch report.news {
    case .accepted: line.word("accepted")
    case .rejected(let why):
      line.word("rejected")
      line.word(why.rawValue)
    case .filled(let fill):
      line.word("filled")
      line.number(fill.id)
      line.word(fill.side.rawValue)
      line.decimal(fill.price)
      line.decimal(fill.quantity)
      line.decimal(fill.fee)
      line.word(fill.liquidity.rawValue)
      // Nearly always the report's own.
      if fill.time != report.time { line.number(fill.time.nanoseconds) }
    case .cancelled: line.word("cancelled")
    case .cancelRefused: line.word("cancel_refused")
    case .expired: line.word("expired")
    case .unanswered: line.word("unanswered")
    }
  }

  /// Reads an event of a pair.
  ///
  /// - Parameters:
  ///   - text: Its line.
  ///   - time: When it happened.
  ///   - scope: Whose orders are known by their number alone.
  /// - Returns: The event.
  /// - Throws: `RecordTextError` where the line is none of an event.
  package static func read(
    _ text: String, time: Timestamp, of scope: OrderScope
  ) throws(RecordTextError) -> Event {
    var line = LineReader(text)
    try line.check(time, "it")
    let event = try read(&line, time: time, of: scope)
    try line.end()
    return event
  }

  private static func read(
    _ line: inout LineReader, time: Timestamp, of scope: OrderScope
  ) throws(RecordTextError) -> Event {
    switch try line.word("an event") {
    case "trade": return .trade(price: try line.price("a price"), time: time)
    case "candle":
      return .candleClosed(
        Candle(
          start: try line.time("a start"), open: try line.price("an open"),
          high: try line.price("a high"), low: try line.price("a low"),
          close: try line.price("a close"), volume: try line.decimal("a volume")))
    case "clock": return .clock(time)
    case "report": return .report(try report(&line, time: time, of: scope))
    case "enter": return .enter(try signal(&line), time: time)
    case "force_exit": return .forceExit(price: try line.price("a price"), time: time)
    case "cancel_entry": return .cancelEntry(try line.named("a reason"), time: time)
    case "liquidate": return .liquidate(time: time)
    case "decide": return .decide(time: time)
    case "halt": return .halt(time: time)
    case "resume": return .resume(time: time)
    case let word: throw line.error("begins with '\(word)', which is no event")
    }
  }

  private static func signal(_ line: inout LineReader) throws(RecordTextError) -> EntrySignal {
    let reference = try line.price("a price")
    let offset: Rate = try line.decimal("an offset")
    let life: Int = try line.number("a life")
    guard life >= 1 else { throw line.error("has an entry that lives \(life) candles") }
    guard offset >= .zero, offset < .one else {
      throw line.error("has an entry \(offset) below its price")
    }
    let kind = try line.word("post_only or may_take")
    guard kind == "post_only" || kind == "may_take" else {
      throw line.error("has '\(kind)', which is not post_only or may_take")
    }
    return EntrySignal(
      reference: reference, offset: offset, timeToLive: life, isPostOnly: kind == "post_only")
  }

  private static func report(
    _ line: inout LineReader, time: Timestamp, of scope: OrderScope
  ) throws(RecordTextError) -> OrderReport {
    let order = try scope.read(&line)
    let news: OrderReport.News
    switch try line.word("news") {
    case "accepted": news = .accepted
    case "rejected": news = .rejected(try line.named("a reason"))
    case "filled":
      let id = try line.number("a fill's id", as: UInt64.self)
      let side = try line.named("a side", as: Side.self)
      let price = try line.price("a price")
      let quantity = try line.decimal("a quantity", as: Quantity.self)
      let fee = try line.decimal("a fee", as: Money.self)
      guard RecordBounds.notional(price, quantity) != nil,
        fee.steps.magnitude <= RecordBounds.money.steps
      else { throw line.error("is worth more than can be counted") }
      let liquidity = try line.named("maker or taker", as: Liquidity.self)
      let own = line.isAtEnd ? time : try line.time("a time")
      news = .filled(
        Fill(
          order: order, id: id, time: own, side: side, price: price, quantity: quantity,
          fee: fee, liquidity: liquidity))
    case "cancelled": news = .cancelled
    case "cancel_refused": news = .cancelRefused
    case "expired": news = .expired
    case "unanswered": news = .unanswered
    case let word: throw line.error("has '\(word)' where news should stand")
    }
    return OrderReport(order: order, time: time, news: news)
  }
}

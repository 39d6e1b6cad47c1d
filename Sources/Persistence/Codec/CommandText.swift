package import Execution
package import Market

/// Commands as lines of the record, beside the event that they came of.
///
///     submit 18 stop sell 44100.5 0.25 44322.12
///     cancel 17 ratchet
package enum CommandText {
  /// Writes commands, a line each.
  ///
  /// - Parameters:
  ///   - commands: In the order in which they are carried out.
  ///   - time: When their event happened.
  ///   - scope: Whose orders they are.
  ///   - line: Where they are appended.
  package static func write(
    _ commands: [Command], at time: Timestamp, of scope: OrderScope, to line: inout LineWriter
  ) {
    for index in commands.indices {
      if index > 0 { line.newLine() }
      switch commands[index] {
      case .submit(let order, let role):
        line.word("submit")
        scope.write(order.id, to: &line)
        line.word(role.rawValue)
        line.word(order.side.rawValue)
        line.decimal(order.limit)
        line.decimal(order.quantity)
        if let trigger = order.trigger { line.decimal(trigger) } else { line.word("-") }
        if order.isPostOnly { line.word("post_only") }
        if order.submitted != time { line.number(order.submitted.nanoseconds) }
      case .cancel(let id, let reason):
        line.word("cancel")
        scope.write(id, to: &line)
        line.word(reason.rawValue)
      }
    }
  }

  /// Reads commands.
  ///
  /// - Parameters:
  ///   - text: Their lines.
  ///   - time: When their event happened.
  ///   - scope: Whose orders they are.
  /// - Returns: The commands in their order.
  /// - Throws: `RecordTextError` where a line is none of a command.
  package static func read(
    _ text: String, at time: Timestamp, of scope: OrderScope
  ) throws(RecordTextError) -> [Command] {
    var commands: [Command] = []
    for part in text.split(separator: "\n", omittingEmptySubsequences: true) {
      var line = LineReader(String(part))
      commands.append(try command(&line, at: time, of: scope))
      try line.end()
    }
    return commands
  }

  private static func command(
    _ line: inout LineReader, at time: Timestamp, of scope: OrderScope
  ) throws(RecordTextError) -> Command {
    switch try line.word("a command") {
    case "submit":
      let id = try scope.read(&line)
      let role = try line.named("a role", as: OrderRole.self)
      let side = try line.named("a side", as: Side.self)
      let limit = try line.decimal("a limit", as: Price.self)
      let quantity = try line.decimal("a quantity", as: Quantity.self)
      let trigger: Price? = try trigger(&line)
      var isPostOnly = false
      var submitted = time
      while !line.isAtEnd {
        let word = try line.word("a flag")
        if word == "post_only", !isPostOnly {
          isPostOnly = true
        } else if let nanoseconds = Int64(word) {
          submitted = Timestamp(nanoseconds: nanoseconds)
        } else {
          throw line.error("goes on with '\(word)'")
        }
      }
      return .submit(
        Order(
          id: id, side: side, limit: limit, trigger: trigger, quantity: quantity,
          isPostOnly: isPostOnly, submitted: submitted), role: role)
    case "cancel":
      return .cancel(try scope.read(&line), reason: try line.named("a reason"))
    case let word: throw line.error("begins with '\(word)', which is no command")
    }
  }

  private static func trigger(_ line: inout LineReader) throws(RecordTextError) -> Price? {
    let word = try line.word("a trigger")
    if word == "-" { return nil }
    do { return try Price(word) } catch { throw line.error("has no trigger: \(error)") }
  }
}

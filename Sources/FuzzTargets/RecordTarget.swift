import Execution
import Market
import Persistence
import Strategy

/// Lines of a record: what is read as an event or as commands is written as the same line again, and an
/// engine that is handed an event has no trap in it.
///
/// Each line of the input is an event of its own, one after the other in one run.
enum RecordTarget {
  private static let scope = OrderScope(session: 0, pair: 0)
  private static let time = Timestamp(seconds: 1_704_067_500)

  static func finding(in bytes: [UInt8]) -> String? {
    let text = String(decoding: bytes, as: UTF8.self)
    var rehearsal = Rehearsal()
    for (number, line) in text.split(separator: "\n").prefix(200).enumerated() {
      let time = time + TimeSpan(seconds: 60) * number
      if let defect = eventDefect(String(line), at: time, &rehearsal) { return defect }
      if let defect = commandDefect(String(line), at: time) { return defect }
    }
    return nil
  }

  private static func eventDefect(
    _ line: String, at time: Timestamp, _ rehearsal: inout Rehearsal
  ) -> String? {
    do throws(RecordTextError) {
      let event = try EventText.read(line, time: time, of: scope)
      var writer = LineWriter()
      EventText.write(event, of: scope, to: &writer)
      guard try EventText.read(writer.text, time: time, of: scope) == event else {
        return "'\(line)' is written as '\(writer.text)', which is another event"
      }
      rehearsal.take(event)
      return nil
    } catch {
      return defect(of: error)
    }
  }

  private static func commandDefect(_ line: String, at time: Timestamp) -> String? {
    do throws(RecordTextError) {
      let commands = try CommandText.read(line, at: time, of: scope)
      var writer = LineWriter()
      CommandText.write(commands, at: time, of: scope, to: &writer)
      return try CommandText.read(writer.text, at: time, of: scope) == commands
        ? nil : "'\(line)' is written as '\(writer.text)', which are other commands"
    } catch {
      return defect(of: error)
    }
  }

  private static func defect(of error: RecordTextError) -> String? {
    error.problem.isEmpty ? "an error that does not say what is wrong" : nil
  }
}

/// A run that is handed what a record says, past the same guard as a replay.
private struct Rehearsal {
  private var state: TradingState<ConfluenceStrategy>?
  private var bounds: ReplayGuard?
  private var outbox = Outbox()

  init() {
    let strategy = try? ConfluenceStrategy(
      Parameters(
        ConfluenceStrategy.parameters, ["rsi_oversold": "60", "window": "3", "cooldown": "0"]),
      exit: RatchetExit(Parameters(RatchetExit.parameters)))
    guard let strategy else { return }
    let settings = EngineSettings(
      product: Product(), positionSize: .one, takerRate: Rate(steps: 9_000_000_000_000_000))
    let state = TradingState(
      engines: [ExecutionEngine(strategy: strategy, settings: settings)],
      portfolio: Portfolio(cash: 10_000))
    bounds = ReplayGuard(of: state)
    self.state = state
  }

  mutating func take(_ event: Event) {
    guard let state, bounds?.defect(of: event, of: 0, in: state) == nil else { return }
    outbox.clear()
    self.state?.handle(event, of: 0, into: &outbox)
  }
}

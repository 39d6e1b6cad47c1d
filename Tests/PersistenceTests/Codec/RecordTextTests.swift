import Execution
import Market
import Persistence
import Simulator
import TestKit
import Testing

@Suite("Events and commands as lines of the record")
struct RecordTextTests {
  @Test("Every event reads back as it was", arguments: Seeds.ofThisRun)
  func events(seed: UInt64) throws {
    var random = RandomEvents(seed: seed)
    var line = LineWriter()
    for _ in 0..<300 {
      let time = random.time()
      let event = random.event(at: time)
      line.clear()
      EventText.write(event, of: random.scope, to: &line)
      let read = try EventText.read(line.text, time: time, of: random.scope)
      #expect(read == event, "replay with SEED=\(seed): \(line.text)")
    }
  }

  @Test("Every command reads back as it was", arguments: Seeds.ofThisRun)
  func commands(seed: UInt64) throws {
    var random = RandomEvents(seed: seed)
    var line = LineWriter()
    for count in 0..<100 {
      let time = random.time()
      let commands = (0..<count % 4).map { _ in random.command(at: time) }
      line.clear()
      CommandText.write(commands, at: time, of: random.scope, to: &line)
      let read = try CommandText.read(line.text, at: time, of: random.scope)
      #expect(read == commands, "replay with SEED=\(seed): \(line.text)")
    }
  }

  @Test("Decimals are written as they are printed", arguments: Seeds.ofThisRun)
  func decimals(seed: UInt64) {
    var random = RandomEvents(seed: seed)
    for _ in 0..<300 {
      var line = LineWriter()
      let (price, quantity, money) = (random.price(), random.quantity(), random.money())
      line.decimal(price)
      line.decimal(quantity)
      line.decimal(money)
      #expect(line.text == "\(price) \(quantity) \(money)", "replay with SEED=\(seed)")
    }
  }

  static let examples: [(Event, String)] = [
    (.trade(price: price("45123.5"), time: .testStart), "trade 45123.5"),
    (.clock(.testStart), "clock"),
    (.forceExit(price: price("0.00000001"), time: .testStart), "force_exit 0.00000001"),
    (.cancelEntry(.breaker, time: .testStart), "cancel_entry breaker"),
    (
      .report(
        OrderReport(
          order: ClientOrderID(session: 7, pair: 0, number: 17), time: .testStart,
          news: .rejected(.tooSmall))), "report 17 rejected too_small"
    ),
    (
      .report(
        OrderReport(
          order: ClientOrderID(session: 8, pair: 0, number: 17), time: .testStart, news: .accepted)),
      "report 00000000-0008-8000-8000-000000000011 accepted"
    ),
  ]

  @Test("The lines are these words", arguments: examples)
  func lines(event: Event, text: String) {
    var line = LineWriter()
    EventText.write(event, of: OrderScope(session: 7, pair: 0), to: &line)
    #expect(line.text == text)
  }

  static let hostile: [(String, String)] = [
    ("", "'' ends where an event should stand"),
    ("trade", "'trade' ends where a price should stand"),
    ("trade x", "'trade x' has 'x' where a price should stand"),
    ("trade 1 2", "'trade 1 2' goes on with '2'"),
    ("buy 1", "'buy 1' begins with 'buy', which is no event"),
    ("report 0x1 accepted", "has '0x1' where an order should stand"),
    (
      "report 1 filled 1 buy 92233720368 170141183460469231731687303715 0 maker",
      "is worth more than can be counted"
    ),
    ("report 281474976710656 accepted", "has '281474976710656' where an order should stand"),
    ("cancel_entry boredom", "has 'boredom' where a reason should stand"),
  ]

  @Test("A line that is none is an error that quotes it", arguments: hostile)
  func refusals(text: String, message: String) {
    let error = #expect(throws: RecordTextError.self) {
      try EventText.read(text, time: .testStart, of: OrderScope(session: 7, pair: 0))
    }
    #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
  }

  @Test("Mutated lines are read or refused, never worse", arguments: Seeds.ofThisRun)
  func mutations(seed: UInt64) {
    var random = RandomEvents(seed: seed)
    for _ in 0..<500 {
      let time = random.time()
      var line = LineWriter()
      EventText.write(random.event(at: time), of: random.scope, to: &line)
      var bytes = line.bytes
      for _ in 0..<Int.random(in: 1...3, using: &random.random) {
        let index = Int.random(in: 0..<bytes.count, using: &random.random)
        bytes[index] = .random(in: 0...255, using: &random.random)
      }
      let text = String(decoding: bytes, as: UTF8.self)
      guard let event = try? EventText.read(text, time: time, of: random.scope) else { continue }
      var again = LineWriter()
      EventText.write(event, of: random.scope, to: &again)
      #expect(
        (try? EventText.read(again.text, time: time, of: random.scope)) == event,
        "replay with SEED=\(seed): \(text)")
    }
  }
}

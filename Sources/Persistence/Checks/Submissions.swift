import Execution
import Market

/// At which event of the record each order was submitted.
struct Submissions {
  private var events: [[UInt64: Int64]]

  /// Looks through the record, and whether any of it is missing.
  init(
    _ reader: StoreReader, session: UInt64, pairs: [PairRow], _ findings: inout Findings
  ) throws {
    events = pairs.map { _ in [:] }
    let (first, last, count) =
      try reader.connection.prepare("SELECT min(seq), max(seq), count(*) FROM events").first {
        row in
        row.isNull(at: 0)
          ? (1, 0, 0)
          : (
            try row.value(at: 0, as: Int64.self), Int64(try row.count(at: 1)),
            try row.value(at: 2, as: Int64.self)
          )
      } ?? (1, 0, 0)
    if first != 1 || count != last {
      findings.add(
        .record,
        "events: the last is \(last), and there are \(count) of which the first is \(first)"
      )
    }
    let written = try reader.account().seq
    if written != last {
      findings.add(.record, "account: it is that after event \(written), the last is \(last)")
    }
    let select = try reader.connection.prepare(
      "SELECT seq, pair, time, commands FROM events WHERE commands IS NOT NULL ORDER BY seq")
    while try select.step() {
      let (seq, pair) = (Int64(try select.count(at: 0)), try select.value(at: 1, as: Int.self))
      guard events.indices.contains(pair) else {
        findings.add(.record, "events: \(seq) is of pair \(pair), of \(pairs.count) that there are")
        continue
      }
      let scope = OrderScope(session: session, pair: UInt32(pair))
      let (time, text) = (try select.time(at: 2), try select.value(at: 3, as: String.self))
      let commands: [Command]
      do throws(RecordTextError) {
        commands = try CommandText.read(text, at: time, of: scope)
      } catch {
        findings.add(.record, "events: the commands of \(seq) cannot be read: \(error)")
        continue
      }
      for case .submit(let order, _) in commands where scope.contains(order.id) {
        events[pair][order.id.number] = seq
      }
    }
  }

  /// Those of a pair's orders, by number.
  func of(_ pair: Int) -> [UInt64: Int64] { events[pair] }
}

import Configuration
import Market
import Persistence
import Reporting

/// `runner incidents list`: what a session lived through beside its trades.
enum IncidentsListCommand {
  static let command = WatchingCommand(
    ["incidents", "list"], "list what a session lived through: lost answers, holds, alarms",
    options: [Watching.pair] + Watching.times("Noted") + [Watching.limit], json: "the incidents",
    details: """
      A paper or live session notes what went wrong and what it did about it: answers
      that were lost, refusals, feeds that broke, entries that were held, positions
      without a stop. A backtest has none.
      """
  ) { run in
    let incidents = try run.store.reader.incidents().filter(run.selection.takes)
      .suffix(run.selection.limit ?? .max)
    var json = run.document("ratchet-incidents 1")
    json.key("incidents")
    json.beginArray(.lines)
    for incident in incidents {
      json.beginObject()
      json.member("time", incident.time)
      json.member("pair", incident.pair.flatMap(run.product))
      json.member("kind", incident.kind.rawValue)
      json.member("words", incident.words)
      json.member("event", incident.seq)
      json.endObject()
    }
    json.endArray()
    json.endObject()
    return (run.text(Array(incidents)), json)
  }
}

extension Selection {
  /// Whether an incident is one of those; those of the whole session are every pair's.
  fileprivate func takes(_ incident: IncidentRow) -> Bool {
    (pair == nil || incident.pair == nil || incident.pair == pair)
      && since.map { incident.time >= $0 } ?? true && until.map { incident.time < $0 } ?? true
  }
}

extension Watched {
  /// The product of a pair; `nil` where the run has none of that number.
  fileprivate func product(_ pair: Int) -> String? {
    store.pairs.indices.contains(pair) ? store.pairs[pair].product : nil
  }

  /// Incidents, each with its words on the lines below: they are sentences.
  fileprivate func text(_ incidents: [IncidentRow]) -> String {
    guard !incidents.isEmpty else { return "No incidents.\n" }
    return incidents.map { incident in
      let whose = shown(incident.pair.flatMap(product) ?? "session", atMost: 24)
      let head = "\(incident.time)  \(whose)  \(incident.kind.rawValue)"
      return ([head] + Self.lines(of: incident.words)).map { $0 + "\n" }.joined()
    }.joined()
  }

  /// Words in lines of 80 columns; one that fills more than a line goes on in the next.
  private static func lines(of words: String) -> [String] {
    let (indent, width) = (4, 76)
    let parts = shown(words, atMost: 1000).split(separator: " ").flatMap { word in
      stride(from: 0, to: word.count, by: width).map { String(word.dropFirst($0).prefix(width)) }
    }
    return HelpText.wrap(parts.joined(separator: " "), indent)
  }
}

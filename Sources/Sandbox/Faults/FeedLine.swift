import JSON
import Market

/// The way of a feed's messages to one client, on which they may be changed, held up or overtaken.
struct FeedLine: Sendable {
  /// What is added to the feed's numbers.
  private var offset = 0
  /// Until when everything waits.
  private var until: Timestamp?
  private var waiting: [JSONTree] = []
  /// Messages that so many others overtake.
  private var overtaken: [(message: JSONTree, left: Int)] = []

  /// What goes out because of a message.
  mutating func pass(_ message: JSONTree, _ fate: MessageFate, now: Timestamp) -> [JSONTree] {
    switch fate {
    case .arrives, .broken, .silent: return send([renumbered(message)])
    case .dropped(let isHidden):
      if isHidden { offset -= 1 }
      return []
    case .twice: return send([renumbered(message), renumbered(message)])
    case .gap(let count):
      offset += count
      return send([renumbered(message)])
    case .overtaken(let count):
      overtaken.append((renumbered(message), count))
      return []
    case .delayed(let delay):
      until = max(until ?? now, now + delay)
      return send([renumbered(message)])
    }
  }

  /// What no longer waits.
  mutating func release(now: Timestamp) -> [JSONTree] {
    guard let end = until, now >= end else { return [] }
    until = nil
    defer { waiting = [] }
    return waiting
  }

  /// Everything that is still on its way.
  mutating func flush() -> [JSONTree] {
    defer { (until, waiting, overtaken) = (nil, [], []) }
    return waiting + overtaken.map(\.message)
  }

  private mutating func send(_ messages: [JSONTree]) -> [JSONTree] {
    var out = messages
    for index in overtaken.indices { overtaken[index].left -= messages.count }
    out += overtaken.filter { $0.left <= 0 }.map(\.message)
    overtaken.removeAll { $0.left <= 0 }
    guard until != nil else { return out }
    waiting += out
    return []
  }

  /// With the number that it has for the client; the number of either API.
  private func renumbered(_ message: JSONTree) -> JSONTree {
    guard offset != 0, case .object(var members) = message else { return message }
    for index in members.indices
    where members[index].key == "sequence_num" || members[index].key == "sequence" {
      guard case .number(let text) = members[index].value, let number = Int64(text) else {
        continue
      }
      members[index].value = .integer(number + Int64(offset))
    }
    return .object(members)
  }
}

import JSON
import Network

/// How faults happen to the messages of feeds.
extension SandboxServer {
  /// Sends answers to what a client said; they always arrive, behind what waits before them.
  func deliver(_ messages: [JSONTree], _ number: Int) {
    guard var connection = connections[number] else { return }
    if faults == nil {
      connection.send(messages)
    } else if connection.mutedSince == nil {
      for message in messages {
        connection.send(connection.line.pass(message, .arrives, now: exchange.now))
      }
    }
    connections[number] = connection
  }

  /// Sends news as the plan wants it.
  func mishandle(_ messages: [JSONTree], _ connection: inout FeedConnection) {
    for message in messages where connection.mutedSince == nil && !connection.isBroken {
      let struck = faults?.messages.fate(of: message)
      if let (_, kind, what) = struck { log(kind, what) }
      let fate = struck?.fate ?? .arrives
      switch fate {
      case .broken:
        connection.isBroken = true
        connection.socket.abort()
      case .silent: mute(&connection)
      case .arrives, .dropped, .twice, .delayed, .overtaken, .gap:
        connection.send(connection.line.pass(message, fate, now: exchange.now))
      }
    }
  }

  /// Sends what has waited long enough.
  func releaseMessages() {
    for number in connections.keys.sorted() {
      guard var connection = connections[number], connection.mutedSince == nil else { continue }
      connection.send(connection.line.release(now: exchange.now))
      connections[number] = connection
    }
  }

  /// Sends all that waits.
  func flushMessages() {
    for number in connections.keys.sorted() {
      guard var connection = connections[number], connection.mutedSince == nil else { continue }
      connection.send(connection.line.flush())
      connections[number] = connection
    }
  }
}

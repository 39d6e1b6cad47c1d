/// When the WebSockets of a market in lockstep are cut off.
struct Cutting: Sendable {
  /// After so much news.
  let interval: Int
  /// News since they were cut off last.
  private var count = 0

  init(every interval: Int) { self.interval = interval }

  /// Counts a piece of news, and says whether it was the last before a cut.
  mutating func isDue() -> Bool {
    count += 1
    guard count >= interval else { return false }
    count = 0
    return true
  }
}

extension SandboxServer {
  /// Has every WebSocket cut off each time that so much has been told, in lockstep: when the clients have
  /// dealt with it, so that nobody misses anything.
  package func cutSockets(every count: Int) { cutting = Cutting(every: count) }

  /// Cuts every WebSocket off, as a connection that breaks.
  func cutOff() {
    for number in connections.keys.sorted() { breakOff(number) }
  }
}

/// How the market waits for its clients; see the decision note on lockstep.
extension SandboxServer {
  /// Waits until every client has answered a ping that was sent after the last news, and none has said
  /// anything since; where there are none, it is quiet at once.
  package func quiet() async {
    var rounds = 0
    while !isStopped, !Task.isCancelled {
      guard connections.contains(where: { $0.value.counts }) else { return }
      let before = activity
      pingCount += 1
      for connection in connections.values where connection.counts { connection.ping(pingCount) }
      quietSince = .now
      if isBusyInVain { beginGrace() }
      await withTaskCancellationHandler {
        await withCheckedContinuation { continuation in
          quietWaiter = continuation
          resumeIfQuiet()
        }
      } onCancel: {
        Task { await self.resumeQuietWaiter() }
      }
      quietSince = nil
      if activity == before { return }
      rounds += 1
      // Who waits for what only time brings may ask for ever.
      if isBusyInVain, rounds >= 4 { return }
    }
  }

  /// Lets the market go on where nobody is left to wait for.
  func resumeIfQuiet() {
    if !connections.contains(where: { $0.value.counts && $0.value.answered < pingCount }) {
      resumeQuietWaiter()
    }
  }

  func resumeQuietWaiter() {
    quietWaiter?.resume()
    quietWaiter = nil
  }

  /// A client that has not answered for half a minute no longer counts.
  func giveUpTheSilent() {
    guard let quietSince, ContinuousClock.now - quietSince >= .seconds(30) else { return }
    for (number, connection) in connections where connection.answered < pingCount {
      connections[number]?.counts = false
    }
    resumeIfQuiet()
  }

  /// Waits for a client that follows trades: to nobody a market need not be shown.
  func untilFollowed() async {
    // What is on its way waits for the market's time, which stands.
    if !isFollowed { releaseDelayed() }
    while !isStopped, !Task.isCancelled, !isFollowed {
      await withTaskCancellationHandler {
        await withCheckedContinuation { continuation in
          followerWaiter = continuation
          resumeIfFollowed()
        }
      } onCancel: {
        Task { await self.resumeFollowerWaiter() }
      }
    }
  }

  /// Whether a client follows trades.
  package var isFollowed: Bool {
    connections.contains { $0.value.followsTrades }
  }

  func resumeIfFollowed() {
    if isFollowed { resumeFollowerWaiter() }
  }

  func resumeFollowerWaiter() {
    followerWaiter?.resume()
    followerWaiter = nil
  }
}

import Market

/// A request, or an answer, that is on its way.
struct DelayedRequest {
  /// Until when, in the data's time.
  let until: Timestamp
  let continuation: CheckedContinuation<Void, Never>
}

/// How requests take time.
///
/// In lockstep the market goes on meanwhile, from point to point: a client that waits for an answer says
/// nothing, and does not answer pings either, so the market waits only a moment of the clock for it.
/// Where the market stands, nothing takes time.
extension SandboxServer {
  /// By the clock, what the market gives to clients of whom one waits for an answer.
  private static let grace = Duration.milliseconds(25)

  /// Whether a client may be waiting for what only the market's time brings: an answer that is on its way,
  /// or the end of an outage or a halt.
  var isBusyInVain: Bool {
    !delayed.isEmpty || faults?.outage != nil
      || faults?.blockedUntil.map { exchange.now < $0 } ?? false
  }

  /// Keeps a request, or its answer, on its way.
  func delay(by span: TimeSpan) async {
    switch exchange.settings.pace {
    case .speed(let speed):
      // Cut short where the client leaves.
      try? await Task.sleep(for: .seconds(Double(span.nanoseconds) / 1e9 / speed))
    case .lockstep:
      guard isPlaying, followerWaiter == nil, !isStopped else { return }
      await withCheckedContinuation { continuation in
        delayed.append(DelayedRequest(until: exchange.now + span, continuation: continuation))
        if quietWaiter != nil { beginGrace() }
      }
    }
  }

  /// Lets arrive what was on its way until a time, or all of it.
  func releaseDelayed(upTo time: Timestamp? = nil) {
    let due = delayed.filter { request in time.map { request.until <= $0 } ?? true }
    delayed.removeAll { request in time.map { request.until <= $0 } ?? true }
    for request in due { request.continuation.resume() }
    activity += UInt64(due.count)
  }

  /// Ends a quiet that a client with a request on its way would make last.
  func beginGrace() {
    let ping = pingCount
    Task {
      try? await Task.sleep(for: Self.grace)
      endGrace(ping)
    }
  }

  private func endGrace(_ ping: UInt64) {
    if ping == pingCount, isBusyInVain { resumeQuietWaiter() }
  }
}

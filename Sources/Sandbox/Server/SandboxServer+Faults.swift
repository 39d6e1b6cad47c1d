import Market
import Network

/// How faults happen to requests, and to the exchange as a whole.
extension SandboxServer {
  /// What has gone wrong on purpose.
  package var faultLog: FaultLog { exchange.faultLog }

  /// The clock as the exchange has it.
  var time: Timestamp {
    guard let skew = faults?.skew, exchange.now < skew.until else { return clock() }
    return clock() + skew.by
  }

  func log(_ kind: FaultKind, _ what: String, until: Timestamp? = nil) {
    exchange.faultLog.add(kind, at: exchange.now, what, until: until)
  }

  /// From now on nothing goes wrong: what is on its way arrives, and silent WebSockets are closed.
  package func ceaseFaults() {
    guard faults != nil else { return }
    releaseDelayed()
    flushMessages()
    for number in connections.keys.sorted() where connections[number]?.mutedSince != nil {
      breakOff(number)
    }
    faults = nil
    exchange.ceaseFaults()
    publish()
  }

  // MARK: - Requests

  /// Answers a request as the plan wants it.
  func mishandle(_ request: HTTPRequest) async -> HTTPResponse {
    activity += 1
    if let answer = answerOfOutage(to: request) { return answer }
    guard let fate = faults?.requests.fate(of: request) else { return answer(request) }
    for (kind, what) in fate.played { log(kind, what) }
    if let span = fate.delayBefore {
      await delay(by: span)
      activity += 1
    }
    switch fate.ending {
    case .refused(let response): return response
    case .lostBefore: return FaultAnswer.none
    case .answer, .replaced, .lostAfter, .cut: break
    }
    var response = answer(request)
    noteRefusal(of: request, response)
    exchange.hear(RequestGroup(request))
    publish()
    if let span = fate.delayAfter {
      await delay(by: span)
      activity += 1
    }
    switch fate.ending {
    case .answer, .refused, .lostBefore: break
    case .replaced(let other): return response.session == nil ? other : response
    case .lostAfter: return FaultAnswer.none
    case .cut(let part):
      guard response.session == nil else { break }
      response.breakOff(after: response.body.count * part / 1000)
    }
    return response
  }

  /// Notes that a client was refused for something that only the data's time ends.
  ///
  /// It may try again and again and answer no ping before it is through, so the market must not wait.
  private func noteRefusal(of request: HTTPRequest, _ response: HTTPResponse) {
    switch RequestGroup(request) {
    case .place, .edit:
      if let end = exchange.markets.compactMap(\.halt?.until).max() { block(until: end) }
    case .cancel, .orders, .account, .market, .time, .socket: break
    }
    if response.status == 401, let skew = faults?.skew, exchange.now < skew.until {
      block(until: skew.until)
    }
  }

  private func block(until time: Timestamp) {
    // Read first: within the assignment it would be read while it is being changed.
    let before = faults?.blockedUntil ?? time
    faults?.blockedUntil = max(before, time)
    if quietWaiter != nil { beginGrace() }
  }

  // MARK: - Outages

  /// What a request gets while the exchange is down; `nil` where it is not, or not for this request.
  private func answerOfOutage(to request: HTTPRequest) -> HTTPResponse? {
    guard let outage = faults?.outage else { return nil }
    let isOver = exchange.now >= outage.until || !isPlaying
    if isOver, outage.seenLeft <= 0 || ContinuousClock.now >= outage.end {
      faults?.outage = nil
      return nil
    }
    if outage.mode == .cancelOnly {
      let group = RequestGroup(request)
      guard group == .place || group == .edit else { return nil }
    }
    if isOver { faults?.outage?.seenLeft -= 1 } else { block(until: outage.until) }
    log(outage.kind, "\(request.method.rawValue) \(request.path): not served")
    switch outage.form {
    case .closed: return FaultAnswer.none
    case .json, .html, .unauthorized, .through, .unknown, .tooFar:
      return FaultAnswer.page(503, "Coinbase is under scheduled maintenance")
    case .text: return FaultAnswer.plain(503, "Service Unavailable")
    }
  }

  /// Lets begin what the plan has for this time of the data.
  func beginFaults(at time: Timestamp) {
    for place in faults?.calendar.begin(upTo: time) ?? [] {
      guard var dice = faults?.calendar.dice[place] else { continue }
      begin(&dice, at: time)
      faults?.calendar.dice[place] = dice
    }
  }

  private func begin(_ dice: inout FaultDice, at time: Timestamp) {
    let rule = dice.rule
    let until = time + dice.draw(rule.span)
    switch rule.kind {
    case .restart, .maintenance:
      let patience = exchange.settings.faults.patience
      let outage = Outage(
        kind: rule.kind,
        form: rule.kind == .maintenance ? .html : dice.pick(rule.forms, otherwise: .text),
        mode: dice.pick(rule.modes, otherwise: .closed), until: until,
        seenLeft: rule.seen.map { dice.draw($0) } ?? 0,
        end: .now + .nanoseconds(patience.nanoseconds))
      faults?.outage = outage
      log(rule.kind, outage.mode.rawValue, until: until)
      if rule.kind == .restart {
        for number in connections.keys.sorted() { breakOff(number) }
      }
    case .clockSkew:
      let span = dice.draw(rule.skew)
      faults?.skew = (span, until)
      log(rule.kind, "by \(FaultText.text(span))", until: until)
    default: exchange.begin(&dice, until: until)
    }
  }

  // MARK: - Who is away

  /// Whether the market goes on though nobody follows it.
  ///
  /// In an outage its end must come though a client waits for it, and behind a client that is lost some points pass.
  var goesOnAlone: Bool {
    guard let faults, isPlaying, !isFollowed, !isStopped else { return false }
    if faults.pointsLeft > 0 { return true }
    return faults.outage.map { exchange.now < $0.until } ?? false
  }

  func countPointAway() {
    guard let left = faults?.pointsLeft, left > 0 else { return }
    faults?.pointsLeft = isFollowed ? 0 : left - 1
  }

  /// Forgets a client that is gone.
  func forget(_ number: Int) {
    let wasFollowed = isFollowed
    connections[number] = nil
    if wasFollowed, !isFollowed { faults?.loseFollower() }
  }

  /// Breaks a WebSocket off without a word.
  func breakOff(_ number: Int) {
    guard let connection = connections[number] else { return }
    connection.outbox.finish()
    connection.socket.abort()
    forget(number)
    resumeIfQuiet()
  }

  /// Says nothing more to a client, and does not wait for it.
  func mute(_ connection: inout FeedConnection) {
    connection.mutedSince = .now
    connection.counts = false
    connection.socket.fallSilent()
  }

  /// Closes the WebSockets that have been silent for too long, so that nobody waits for ever.
  func closeTheMuted() {
    guard let faults else { return }
    let patience = Duration.nanoseconds(faults.plan.patience.nanoseconds)
    for number in connections.keys.sorted() {
      if let since = connections[number]?.mutedSince, ContinuousClock.now - since >= patience {
        breakOff(number)
      }
    }
  }
}

package import Market
package import Network
import Persistence
import Secrets

/// Sends requests to an exchange: signed, in turn, and again where that is harmless.
///
/// The one place of the live path that reads the clock for signatures and limits: for signatures that of
/// the wall, for limits one that nobody sets. What may have made an order is never sent twice: such an error
/// says so, and whoever placed the order looks it up.
package actor ExchangeClient {
  /// How often a request that harms nobody is tried.
  private static let attempts = 6
  /// How many questions there are at once; fewer than connections.
  private static let mostQuestions = 5

  /// Whose API it is.
  package nonisolated let api: ExchangeAPI
  private let http: HTTPClient
  private let endpoint: Endpoint
  private let host: String
  private let signer: RequestSigner?
  private let timeScale: Int
  private let wallClock: @Sendable () -> Timestamp
  private let began = ContinuousClock.now
  private var limiter: RateLimiter
  private var waiting: [RateLimiter.Ticket: CheckedContinuation<Bool, Never>] = [:]
  private var alarm: Task<Void, Never>?
  private var questions = 0
  private var askers: [CheckedContinuation<Void, Never>] = []
  private var random = SystemRandomNumberGenerator()
  /// How far the exchange's clock is ahead of ours.
  package private(set) var skew = TimeSpan(nanoseconds: 0)

  /// A client of an exchange.
  ///
  /// - Parameters:
  ///   - api: Whose API it is.
  ///   - endpoint: Where it is.
  ///   - http: Sends.
  ///   - signer: Signs; `nil` where only public data is asked for.
  ///   - policy: How often the exchange may be asked.
  ///   - host: As the exchange knows itself, where requests go to it by way of another.
  ///   - timeScale: How many times as fast as the clock its waits pass.
  ///   - wallClock: The time of this machine, which signatures have.
  package init(
    _ api: ExchangeAPI, at endpoint: Endpoint, over http: HTTPClient, signer: RequestSigner?,
    policy: RateLimitPolicy, signingFor host: String? = nil, timeScale: Int = 1,
    wallClock: @escaping @Sendable () -> Timestamp = { .now }
  ) {
    self.api = api
    self.http = http
    self.endpoint = endpoint
    self.host = host ?? endpoint.authority
    self.signer = signer
    self.timeScale = timeScale
    self.wallClock = wallClock
    limiter = RateLimiter(policy, now: Timestamp(nanoseconds: 0))
  }

  /// Whether it has no key, and asks for public data alone.
  package nonisolated var isAnonymous: Bool { signer == nil }

  /// What the limiter has done so far.
  package var counts: RateLimitCounts { limiter.counts }

  /// How many questions are asked, and how many wait until one of those is answered.
  var line: (asked: Int, waiting: Int) { (questions, askers.count) }

  /// The exchange's time, as far as it is known.
  package var now: Timestamp { wallClock() + skew }

  /// Signs with the exchange's time from now on.
  package func set(skew: TimeSpan) { self.skew = skew }

  /// What proves who subscribes to a feed.
  package func subscriptionToken() -> FeedProof {
    guard let signer else { return .none }
    if let token = signer.subscriptionToken(now: now, nonce: nonce()) { return .token(token) }
    return signer.subscriptionProof(now: now).map { .proof($0) } ?? .none
  }

  /// Sends a request and reads its answer.
  ///
  /// - Throws: `ExchangeError`; where it says that the order is to be looked up, nobody knows whether
  ///   there is one.
  package func perform<Answer>(
    _ call: ExchangeCall<Answer>, _ priority: RequestPriority
  ) async throws(ExchangeError) -> Answer {
    try await perform(call.request, priority) { answer throws(ExchangeError) in
      try call.answer(to: answer)
    }
  }

  /// Sends a request and reads its answer by `read`.
  ///
  /// - Throws: As above.
  package func perform<Answer: Sendable>(
    _ request: ExchangeRequest, _ priority: RequestPriority,
    _ read: @Sendable (HTTPAnswer) throws(ExchangeError) -> Answer
  ) async throws(ExchangeError) -> Answer {
    var backoff = Backoff(
      first: TimeSpan(nanoseconds: 100_000_000), longest: TimeSpan(seconds: 5))
    var isSignedAnew = false
    var attempt = 1
    while true {
      do throws(ExchangeError) {
        let answer = try read(try await send(request, priority))
        limiter.succeeded(request.group)
        return answer
      } catch {
        limiter.failed(request.group, error, now: scaledNow, using: &random)
        guard attempt < Self.attempts, !Task.isCancelled else { throw error }
        switch error.repetition {
        case .safe:
          // A refusal that may pass is the caller's to judge.
          if case .refused = error.problem { throw error }
          await pause(backoff.fail(using: &random))
        case .afterLimit: break  // The limiter makes it wait.
        case .signedAnew:
          guard !isSignedAnew else { throw error }
          isSignedAnew = true
          // A clock that is off is the one reason that can be mended: coinbase.md C.1.
          await readClock()
        case .afterLookUp, .pointless: throw error
        }
        attempt += 1
      }
    }
  }

  /// Asks for the exchange's time, without a signature, since it is for want of that that ours are refused.
  func readClock() async {
    let call = api == .advancedTrade ? AdvancedTrade.serverTime() : ExchangeREST.serverTime()
    guard let answer = try? await send(call.request, isSigned: false),
      let time = try? call.answer(to: answer).time
    else { return }
    skew = time - wallClock()
  }

  /// Sends a request when it is its turn.
  ///
  /// So many questions at once at most, that one connection or the other is free for what protects a
  /// position, however long the exchange takes for its answers.
  private func send(
    _ request: ExchangeRequest, _ priority: RequestPriority
  ) async throws(ExchangeError) -> HTTPAnswer {
    guard priority == .query else {
      try await waitForTurn(request, priority)
      return try await send(request)
    }
    if questions < Self.mostQuestions {
      questions += 1
    } else {
      // Who is done hands its place on.
      await withCheckedContinuation { askers.append($0) }
    }
    defer { if askers.isEmpty { questions -= 1 } else { askers.removeFirst().resume() } }
    try await waitForTurn(request, priority)
    return try await send(request)
  }

  private func send(
    _ request: ExchangeRequest, isSigned: Bool = true
  ) async throws(ExchangeError) -> HTTPAnswer {
    var headers: HTTPHeaders = ["Accept": "application/json", "User-Agent": "ratchet"]
    if !request.body.isEmpty { headers["Content-Type"] = "application/json" }
    if let signer, isSigned {
      let signed = signer.headers(
        for: request, host: host, now: now, nonce: nonce())
      for header in signed { headers[header.name] = header.value.reveal() }
    }
    let method: HTTPMethod =
      switch request.method {
      case .get: .get
      case .post: .post
      case .delete: .delete
      }
    do throws(NetworkError) {
      let response = try await http.send(
        HTTPRequest(method, request.target, headers: headers, body: request.body), to: endpoint)
      return HTTPAnswer(
        status: response.status,
        headers: response.headers.fields.map { HTTPAnswer.Header($0.name, $0.value) },
        body: response.body)
    } catch {
      var lost = ExchangeError(request: request, problem: .lost("\(error)"))
      if !error.mayHaveArrived { lost.repetition = .safe }
      throw lost
    }
  }

  /// 32 random hexadecimal digits.
  private func nonce() -> String {
    var digits = ""
    for _ in 0..<2 {
      let word = String(UInt64.random(in: .min ... .max, using: &random), radix: 16)
      digits += String(repeating: "0", count: 16 - word.utf8.count) + word
    }
    return digits
  }

  private func pause(_ span: TimeSpan) async {
    // Cancelled, it returns at once, and the caller sees that itself.
    try? await Task.sleep(for: .nanoseconds(span.nanoseconds) / timeScale)
  }

  // MARK: - Turns

  /// The time since the client was made, by which waits are counted.
  ///
  /// Not that of the wall clock: set back, that would have every request wait for a time that has been.
  private var scaledNow: Timestamp {
    Timestamp(nanoseconds: 0) + TimeSpan(ContinuousClock.now - began) * timeScale
  }

  private func waitForTurn(
    _ request: ExchangeRequest, _ priority: RequestPriority
  ) async throws(ExchangeError) {
    let ticket = limiter.enqueue(request.group, priority, now: scaledNow)
    let isTurn = await withCheckedContinuation { (continuation: CheckedContinuation<Bool, Never>) in
      waiting[ticket] = continuation
      letThrough()
    }
    guard isTurn else {
      var error = ExchangeError(
        request: request,
        problem: .lost(
          "it waited for more than \(limiter.policy.maxWait.seconds) s for its turn "
            + "(exchange.max_wait) and was not sent"))
      error.repetition = .pointless
      throw error
    }
  }

  /// Lets go what may go now, and comes back when more may.
  private func letThrough() {
    for outcome in limiter.advance(to: scaledNow) {
      switch outcome {
      case .send(let ticket): waiting.removeValue(forKey: ticket)?.resume(returning: true)
      case .giveUp(let ticket): waiting.removeValue(forKey: ticket)?.resume(returning: false)
      }
    }
    alarm?.cancel()
    alarm = nil
    guard let next = limiter.wakeUp else { return }
    let span = TimeSpan(
      nanoseconds: max((next - scaledNow).nanoseconds / Int64(timeScale), 1_000_000))
    alarm = Task { [weak self] in
      guard (try? await Task.sleep(for: .nanoseconds(span.nanoseconds))) != nil else { return }
      await self?.letThrough()
    }
  }
}

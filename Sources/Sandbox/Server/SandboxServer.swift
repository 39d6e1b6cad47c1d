package import Market
package import Network

/// A local exchange that speaks Coinbase's protocols over TLS, on one port of this machine.
///
///     let sandbox = try await SandboxServer.start(
///       settings, candles: candles, on: loop, clock: { .now })
///     // sandbox.address, sandbox.certificate and sandbox.credentials are what a client needs.
///     try await sandbox.play()  // Returns when the data are at their end; serving goes on.
///     await sandbox.stop()
///
/// Everything that clients ask for and everything that the candles do happens in this actor, one thing
/// after the other. In lockstep the price moves on only when the clients have been quiet: each has
/// answered a ping that was sent after the last news, and no request has come meanwhile.
package actor SandboxServer {
  /// Where REST is; the WebSocket is at the same port, at `/`.
  package nonisolated let endpoint: Endpoint
  /// The authority that clients are to trust, in PEM.
  package nonisolated let certificate: String
  /// The keys that are let in.
  package nonisolated let credentials: SandboxCredentials

  /// The exchange as it is now.
  package internal(set) var exchange: SandboxExchange
  var door: Doorkeeper
  let clock: @Sendable () -> Timestamp
  private let server: WebServer
  private var watch: Task<Void, Never>?
  private(set) var isStopped = false

  /// The WebSockets, by number in the order in which they came.
  var connections: [Int: FeedConnection] = [:]
  var connectionCount = 0
  /// Counts what clients say, so that it is seen whether they were quiet.
  var activity: UInt64 = 0
  var pingCount: UInt64 = 0
  /// Since when the market waits for answers to a ping.
  var quietSince: ContinuousClock.Instant?
  var quietWaiter: CheckedContinuation<Void, Never>?
  var followerWaiter: CheckedContinuation<Void, Never>?
  /// Where the data's time is against the clock, with `--speed`.
  var pacer: Pacer?
  /// Hears of everything before any client does.
  private(set) var witness: Witness?
  /// How the market waits when the witness wants it to.
  private(set) var rest: Rest?
  /// How long the market waits when its clients have dealt with the last news, as the witness wants it.
  var hesitation = Duration.zero
  /// What goes wrong on purpose; `nil` where nothing does.
  var faults: ServerFaults?
  /// Requests and answers that are on their way, in lockstep.
  var delayed: [DelayedRequest] = []
  /// Whether candles are being played.
  var isPlaying = false
  /// Cuts WebSockets off at regular intervals; `nil` where nobody has asked for it.
  var cutting: Cutting?

  private init(
    endpoint: Endpoint, certificate: String, credentials: SandboxCredentials,
    exchange: SandboxExchange, server: WebServer, clock: @escaping @Sendable () -> Timestamp
  ) {
    self.endpoint = endpoint
    self.certificate = certificate
    self.credentials = credentials
    self.exchange = exchange
    self.server = server
    self.clock = clock
    door = Doorkeeper(credentials, countsRequests: exchange.settings.limitsRequests)
    faults = ServerFaults(exchange.settings.faults, from: exchange.now)
  }

  /// Listens and serves; nothing is played before `play`.
  ///
  /// - Parameters:
  ///   - settings: Products, account and pace.
  ///   - candles: Of each product, oldest first.
  ///   - begin: What starts earlier is history, which clients can ask for.
  ///   - loop: The thread of all sockets.
  ///   - port: 0 is any that is free.
  ///   - credentials: The keys that are let in; new ones if not given.
  ///   - clock: The time of the wall clock, by which tokens are judged.
  /// - Returns: The running server.
  /// - Throws: `NetworkError` where the port is taken.
  package static func start(
    _ settings: SandboxSettings, candles: [[Candle]], from begin: Timestamp? = nil,
    on loop: EventLoop, port: UInt16 = 0, credentials: SandboxCredentials = SandboxCredentials(),
    clock: @escaping @Sendable () -> Timestamp
  ) async throws(NetworkError) -> SandboxServer {
    let authority = try CertificateAuthority(name: "Ratchet sandbox, throwaway")
    let front = FrontDesk()
    let web = try await WebServer.start(
      on: loop, port: port, identity: try authority.issue(), settings: webSettings
    ) { request in await front.server?.handle(request) ?? HTTPResponse(503) }
    let server = SandboxServer(
      endpoint: web.endpoint, certificate: authority.certificate, credentials: credentials,
      exchange: SandboxExchange(settings, candles: candles, from: begin), server: web, clock: clock)
    front.server = server
    await server.beginWatch()
    return server
  }

  /// Hears what happens, whether a client follows the market then, and what has gone wrong on purpose; says
  /// how long the market is to wait by the clock, in lockstep, when its clients have dealt with that.
  package typealias Witness =
    @Sendable (ExchangeNews, _ isFollowed: Bool, _ faults: FaultLog) -> Duration

  /// Lets so much time of the clock pass.
  package typealias Rest = @Sendable (Duration) async throws -> Void

  /// Has somebody in this process hear of everything that happens, before any client does.
  ///
  /// - Parameters:
  ///   - witness: Who hears.
  ///   - rest: How the market waits as long as the witness wants; by the clock unless said.
  package func observe(
    _ witness: @escaping Witness, resting rest: @escaping Rest = { try await Task.sleep(for: $0) }
  ) {
    self.witness = witness
    self.rest = rest
  }

  /// Patient with WebSockets: a client may take half a minute for one message.
  private static var webSettings: ServerSettings {
    ServerSettings(
      webSockets: WebSocketSettings(
        messageLimit: 1_048_576, silence: .seconds(60), showsPongs: true))
  }

  /// Where REST is, such as `https://127.0.0.1:8443`.
  package nonisolated var address: WebAddress { WebAddress(endpoint: endpoint, target: "") }

  /// Serves no more and closes every connection; `play` ends.
  package func stop() async {
    isStopped = true
    watch?.cancel()
    resumeQuietWaiter()
    resumeFollowerWaiter()
    releaseDelayed()
    await server.stop()
  }

  /// Looks once a second at who does not answer, and at the clock.
  private func beginWatch() {
    watch = Task { [weak self] in
      while !Task.isCancelled {
        do { try await Task.sleep(for: .seconds(1)) } catch { return }
        await self?.second()
      }
    }
  }

  private func second() {
    giveUpTheSilent()
    beatBySecond()
    closeTheMuted()
  }
}

import Configuration
import Credentials
import LiveBroker
import Market
import Network
import Persistence
import Sandbox
import Simulator

/// The local exchange of `--sandbox`, reached over its sockets like any other.
struct InsideExchange: Sendable {
  private let server: SandboxServer
  private let arguments: LiveArguments
  /// Whether it waits for the session.
  let isInStep: Bool

  /// Starts the exchange that the command line asks for; `nil` where it asks for none.
  ///
  /// - Throws: `CandleFileError`, `NetworkError`.
  static func start(
    _ arguments: LiveArguments, _ log: CommandLog, on loop: EventLoop
  ) async throws -> InsideExchange? {
    guard !arguments.sandbox.isEmpty else { return nil }
    let candles = try arguments.sandbox.map { source in
      try source.read(arguments.candles, arguments.settings, nil, log).candles
    }
    let pace: SandboxSettings.Pace =
      switch arguments.pace {
      case .lockstep: .lockstep
      case .speed(let speed): .speed(speed)
      }
    var settings = SandboxSettings(arguments.settings, pace: pace)
    settings.faults = arguments.faults
    let server = try await SandboxServer.start(
      settings, candles: candles, on: loop, clock: { Timestamp.now })
    return InsideExchange(
      server: server, arguments: arguments, isInStep: arguments.pace == .lockstep)
  }

  /// Access to it, with a key of its own.
  ///
  /// - Throws: `NetworkError`.
  func access(on loop: EventLoop) throws(NetworkError) -> ExchangeAccess {
    // In step with the candles a second of theirs takes no time: limits by the clock would only stop us.
    var policy = RateLimitPolicy(arguments.settings.exchange, for: arguments.key.api)
    if isInStep { policy = .unlimited }
    return try ExchangeAccess(
      on: loop, arguments.key.api,
      at: ExchangeAddresses(
        rest: server.endpoint, feed: WebAddress(endpoint: server.endpoint, target: "/")),
      as: arguments.isPaper ? nil : server.credentials.clientCredentials(arguments.key.kind),
      trusting: Trust.nobody.adding(pem: server.certificate), policy: policy,
      timeScale: arguments.settings.live.timeScale)
  }

  /// Plays the candles to their end.
  func play() async {
    // It ends early where the session does, which is no news.
    try? await server.play()
  }

  /// Serves no more.
  func stop() async { await server.stop() }

  /// What has gone wrong on purpose, such as `latency 3, restart 1`; empty where nothing has.
  var faults: String { get async { await server.faultLog.summary } }
}

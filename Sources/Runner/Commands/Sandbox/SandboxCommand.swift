import Configuration
import Market
import Network
import Persistence
import Sandbox
import Simulator
import Telemetry

/// `runner sandbox`: the local exchange on a port, for any client.
enum SandboxCommand {
  static let subcommand = Subcommand(
    words: ["sandbox"], summary: "serve a local exchange that speaks Coinbase's protocols",
    options: SandboxArguments.options, details: { _, _ in explanation }, run: run)

  private static func run(_ program: Program, _ invocation: Invocation) throws {
    let arguments = try SandboxArguments(program, invocation)
    let log = CommandLog(arguments.settings.logging, of: program)
    try log.recording {
      for warning in arguments.settings.warnings { log.logger.warn("\(warning)") }
      let files = try arguments.sources.map { source in
        try source.read(arguments.candles, arguments.settings, arguments.timeRange, log)
      }
      try BlockingTask.run {
        try await EventLoop.running { loop in try await serve(arguments, files, log, on: loop) }
      }
    }
  }

  /// Serves until the process is told to end.
  private static func serve(
    _ arguments: SandboxArguments, _ files: [CandleFile], _ log: CommandLog, on loop: EventLoop
  ) async throws {
    let firsts = files.compactMap { file in
      file.warmUp < file.candles.count ? file.candles[file.warmUp].start : nil
    }
    var settings = SandboxSettings(
      arguments.settings, pace: arguments.pace, seed: arguments.seed)
    settings.faults = arguments.faults
    let server = try await SandboxServer.start(
      settings, candles: files.map(\.candles), from: firsts.min(), on: loop,
      port: arguments.port, clock: { Timestamp.now })
    if let folder = arguments.credentials {
      try CredentialFolder(
        server.credentials, authority: server.certificate,
        addresses: .init(authority: server.endpoint.authority)
      ).write(to: folder)
    }
    try Output.data("ready \(server.endpoint)\n")
    do {
      try await server.play()
      log.notice("the candles are over: prices stand still, and orders are taken as before")
      while !Task.isCancelled { try await Task.sleep(for: .seconds(3600)) }
    } catch is CancellationError {
      // Ctrl-C and SIGTERM are how it is meant to end.
    }
    await server.stop()
    let faults = await server.faultLog.summary
    if !faults.isEmpty { log.notice("faults: \(faults)") }
  }

  private static let explanation = """
    Products, fees, slippage, the share of a candle's volume that may fill, and the
    cash are those of the configuration, as in a backtest; section 'sandbox' adds
    balances. The folder of --credentials then holds ca.pem, the keys of both APIs,
    made anew each time, and urls.json:

      runner sandbox --csv BTC-USD=candles.csv --port 8443 --credentials keys

    REST of Advanced Trade is at /api/v3/brokerage, its WebSocket at /. One line on
    standard output, 'ready https://127.0.0.1:PORT', says that it serves. Ctrl-C and
    SIGTERM end it. In lockstep the price moves on when the clients have been quiet,
    and waits while nobody follows the trades.
    """
}

import LiveBroker
import Market
import Network
import Sandbox

/// The local exchange of `--sandbox`.
struct InsideExchange: Sendable {
  /// Whether it waits for the session.
  let isInStep: Bool

  static func start(
    _ arguments: LiveArguments, _ log: CommandLog, on loop: EventLoop
  ) async throws -> InsideExchange? {
    nil
  }

  func access(on loop: EventLoop) throws -> ExchangeAccess { fatalError() }
  func play() async {}
  func stop() async {}
}

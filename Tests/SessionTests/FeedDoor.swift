import Network

/// Stands between a session and the sandbox's feed, and speaks in the exchange's place where it is told to.
///
/// All else is handed on as it came, pings and pongs too, since in lockstep the market waits for them.
struct FeedDoor: Sendable {
  /// What it does with what passes.
  struct Habits: Sendable {
    /// What is answered to a message of the session; where it is `nil`, the message passes.
    var retort: @Sendable (String) -> String? = { _ in nil }
    /// What the session gets in place of a message; where it is `nil`, it gets that.
    var forgery: @Sendable (String) -> String? = { _ in nil }
    /// Whether a message of the exchange is the last of its connection, and does not arrive.
    var breaks: @Sendable (String) -> Bool = { _ in false }
    /// Whether whoever comes now is sent away.
    var isShut: @Sendable () -> Bool = { false }
  }

  let address: WebAddress
  let authority: String

  /// Opens the door.
  ///
  /// - Parameters:
  ///   - sandbox: Where messages go.
  ///   - trust: The sandbox's authority.
  ///   - loop: Runs the sockets.
  ///   - habits: What it does with what passes.
  /// - Returns: The door.
  /// - Throws: `NetworkError`.
  static func open(
    to sandbox: WebAddress, trusting trust: Trust, on loop: EventLoop,
    _ habits: Habits
  ) async throws -> FeedDoor {
    let authority = try CertificateAuthority(name: "Feed door, throwaway")
    let sockets = try WebSocketClient(on: loop, trusting: trust)
    let patient = WebSocketSettings(
      silence: .seconds(500), answersPings: false, showsPongs: true)
    let server = try await WebServer.start(
      on: loop, identity: try authority.issue(), settings: ServerSettings(webSockets: patient)
    ) { _ in
      .webSocket { session in
        // Closed at once, the session connects anew.
        guard !habits.isShut() else { return }
        let connected = try? await sockets.connect(
          to: sandbox, settings: patient, timeout: .seconds(500))
        guard let exchange = connected else { return }
        // Where one side is gone, whoever reads from it sees that, and the other side is closed.
        let answers = Task {
          while let message = try? await exchange.receive() {
            guard case .text(let text) = message else {
              try? await session.send(message)
              continue
            }
            guard !habits.breaks(text) else { break }
            try? await session.send(.text(habits.forgery(text) ?? text))
          }
          await session.close()
        }
        while let message = try? await session.receive() {
          if case .text(let text) = message, let words = habits.retort(text) {
            try? await session.send(words)
          } else {
            try? await exchange.send(message)
          }
        }
        await exchange.close()
        await answers.value
      }
    }
    return FeedDoor(address: server.address(), authority: authority.certificate)
  }
}

import Synchronization

/// Leads from the socket to the server, which does not exist yet when the socket begins to listen.
final class FrontDesk: Sendable {
  private let found = Mutex<SandboxServer?>(nil)

  /// The server; requests before it is there are answered with 503.
  var server: SandboxServer? {
    get { found.withLock { $0 } }
    set { found.withLock { $0 = newValue } }
  }
}

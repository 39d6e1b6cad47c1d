import Locking

/// Leads from the socket to the server, which does not exist yet when the socket begins to listen.
///
/// It keeps nobody alive: whoever started the server does.
final class FrontDesk: Sendable {
  private struct Found {
    weak var server: SandboxServer?
  }

  private let found = Locked(Found())

  /// The server; requests before it is there are answered with 503.
  var server: SandboxServer? {
    get { found.withLock { $0.server } }
    set { found.withLock { $0.server = newValue } }
  }
}

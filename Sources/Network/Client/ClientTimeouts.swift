/// How long a client waits.
package struct ClientTimeouts: Hashable, Sendable {
  /// For resolving, connecting and TLS.
  package var connection: Duration
  /// For everything, from the call to the last byte of the answer, waiting for a free connection included.
  package var total: Duration

  package init(connection: Duration = .seconds(10), total: Duration = .seconds(30)) {
    self.connection = connection
    self.total = total
  }
}

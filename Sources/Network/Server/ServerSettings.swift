/// What a server puts up with.
package struct ServerSettings: Hashable, Sendable {
  /// How large requests may be.
  package var limits: HTTPLimits
  /// What WebSockets put up with.
  package var webSockets: WebSocketSettings
  /// How many connections there are at a time; further ones wait.
  package var connections: Int
  /// How long a request may take to come in whole, and an answer to go out.
  package var patience: Duration
  /// How long a connection is kept without a request.
  package var idle: Duration

  package init(
    limits: HTTPLimits = HTTPLimits(body: 1_048_576),
    webSockets: WebSocketSettings = WebSocketSettings(), connections: Int = 512,
    patience: Duration = .seconds(30), idle: Duration = .seconds(75)
  ) {
    self.limits = limits
    self.webSockets = webSockets
    self.connections = connections
    self.patience = patience
    self.idle = idle
  }
}

/// Where a connection goes: host, port, and whether TLS is on it.
package struct Endpoint: Hashable, Sendable, CustomStringConvertible {
  /// A name or an IPv4 address, in lower case.
  package let host: String
  /// 1 to 65535.
  package let port: UInt16
  /// Whether TLS is spoken.
  package let isSecure: Bool

  package init(host: String, port: UInt16, isSecure: Bool) {
    self.host = host
    self.port = port
    self.isSecure = isSecure
  }

  /// The value of the header `Host`, without the port where it is the usual one.
  package var authority: String {
    port == (isSecure ? 443 : 80) ? host : "\(host):\(port)"
  }

  /// For messages.
  package var description: String { "\(isSecure ? "https" : "http")://\(host):\(port)" }
}

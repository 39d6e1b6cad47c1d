import Synchronization

/// The orders that were sent.
final class Bodies: Sendable {
  private let bodies = Mutex<[String]>([])

  /// Notes a request, if it places an order.
  func take(_ body: [UInt8]) {
    let text = String(decoding: body, as: UTF8.self)
    if text.contains("client_order_id") { bodies.withLock { $0.append(text) } }
  }

  /// All of them, in their order.
  var orders: [String] { bodies.withLock { $0 } }
}

extension String {
  /// A member of a JSON text.
  func member(_ name: String) -> String? {
    guard let start = firstRange(of: "\"\(name)\":\"")?.upperBound else { return nil }
    return String(self[start...].prefix { $0 != "\"" })
  }
}

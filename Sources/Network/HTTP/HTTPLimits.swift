/// How large a message may be that somebody else sends.
package struct HTTPLimits: Hashable, Sendable {
  /// Bytes of start line and headers.
  package var head: Int
  /// Bytes of a body.
  package var body: Int

  package init(head: Int = 32_768, body: Int = 16_777_216) {
    self.head = head
    self.body = body
  }
}

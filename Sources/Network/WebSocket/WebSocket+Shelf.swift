/// What the tasks that use a WebSocket share with the loop, each behind a lock.
extension WebSocket {
  /// What one call waits under, so that it can be cancelled, also before it has begun.
  ///
  /// `@unchecked Sendable`, because: a reader's is touched with the shelf's lock held, a writer's on the
  /// loop's thread only.
  final class Ticket: @unchecked Sendable { var isCancelled = false }

  /// Where the loop puts messages, and the reader takes them from.
  struct Shelf {
    var messages: [WebSocketMessage] = []
    var start = 0
    var size = 0
    /// Whether the loop has stopped at a shelf that is full, and is to be told when it is not.
    var isFull = false
    /// What comes behind the last message, once nothing more can come.
    var result: Result<WebSocketMessage?, NetworkError>?
    /// Waits, for nothing is there.
    var reader: (ticket: Ticket, continuation: Reader)?

    mutating func take() -> WebSocketMessage? {
      guard start < messages.count else { return nil }
      let message = messages[start]
      start += 1
      size -= message.size + WebSocket.overhead
      if start == messages.count || start > 1024 {
        messages.removeFirst(start)
        start = 0
      }
      return message
    }

    mutating func clear() {
      messages = []
      (start, size, isFull) = (0, 0, false)
    }
  }

  /// Where writers put messages, and the loop takes them from.
  struct Basket {
    var messages: [WebSocketMessage] = []
    /// How much is in it and, as far as is known, queued behind it.
    var size = 0
    /// Why nothing can be sent any more.
    var refusal: NetworkError.Problem?
  }
}

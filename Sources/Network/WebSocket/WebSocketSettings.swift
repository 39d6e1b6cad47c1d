/// What a WebSocket puts up with.
package struct WebSocketSettings: Hashable, Sendable {
  /// The largest message taken, in bytes.
  package var messageLimit: Int
  /// How many bytes of messages wait for the reader before the socket is no longer read from.
  package var buffer: Int
  /// After how long without a word the other side is asked for a sign of life.
  package var pingAfter: Duration
  /// After how long without one, from the last word on, it is given up.
  package var silence: Duration
  /// How long a goodbye may take.
  package var goodbye: Duration
  /// Whether pings are answered as they come in.
  ///
  /// If not, the reader gets them among the messages, and
  /// answers when it has dealt with what came before.
  package var answersPings: Bool
  /// Whether the reader gets pongs among the messages.
  package var showsPongs: Bool

  package init(
    messageLimit: Int = 16_777_216, buffer: Int = 4_194_304, pingAfter: Duration = .seconds(10),
    silence: Duration = .seconds(25), goodbye: Duration = .seconds(5),
    answersPings: Bool = true, showsPongs: Bool = false
  ) {
    self.messageLimit = messageLimit
    self.buffer = buffer
    self.pingAfter = pingAfter
    self.silence = silence
    self.goodbye = goodbye
    self.answersPings = answersPings
    self.showsPongs = showsPongs
  }
}

import Glibc

/// What the end of a session's process means.
enum ProcessEnd: Equatable {
  /// A signal of ours ended it: it was killed, or told to end before it listens.
  case signalled
  /// It was told to end, and did.
  case farewell
  /// It ended by itself, or by a signal that we did not send.
  case surrender

  /// The end of a process.
  ///
  /// - Parameters:
  ///   - code: Its exit code, or the number of the signal that ended it below 0.
  ///   - sent: The signals that it was sent.
  init(code: Int32, sent: Set<Int32>) {
    if sent.contains(-code) {
      self = .signalled
    } else if code == 128 + SIGTERM, sent.contains(SIGTERM) {
      // Whatever came after: a process that is on its way out does not hear of a kill any more.
      self = .farewell
    } else {
      self = .surrender
    }
  }
}

import Glibc
import Synchronization

/// Whether the user wants the program to end: Ctrl-C (SIGINT), or SIGTERM.
///
/// The handler only remembers the signal; long work looks here between its blocks and gives up by
/// throwing, so that nothing half-written is left. The second signal of a kind ends the process at
/// once, as the system would have done with the first.
enum Interruption {
  private static let received = Atomic<Int32>(0)

  /// The signal that came, if one did.
  static var signal: Int32? {
    let signal = received.load(ordering: .relaxed)
    return signal == 0 ? nil : signal
  }

  /// Throws if a signal came.
  static func check() throws(Interrupted) {
    if let signal { throw Interrupted(signal: signal) }
  }

  /// Why a step failed: because it was interrupted, whatever it says itself, or for its own reason.
  static func cause(of error: any Error) -> any Error {
    signal.map(Interrupted.init) ?? error
  }

  /// Listens from now on, except to a signal that whoever started the program has switched off.
  static func watch() {
    _ = signal  // Sets the global up; a handler must not.
    for signal in [SIGINT, SIGTERM] {
      var before = sigaction()
      sigaction(signal, nil, &before)
      let ignored = 1  // SIG_IGN; closures cannot be compared.
      guard unsafeBitCast(before.__sigaction_handler.sa_handler, to: Int.self) != ignored else {
        continue
      }
      var action = sigaction()
      action.__sigaction_handler.sa_handler = { signal in
        Interruption.received.store(signal, ordering: .relaxed)
      }
      // Without SA_RESTART, so that a read that waits comes back.
      action.sa_flags = CInt(truncatingIfNeeded: SA_RESETHAND)
      sigaction(signal, &action, nil)
      // Threads of a pool block signals, and what they start inherits that.
      var set = sigset_t()
      sigemptyset(&set)
      sigaddset(&set, signal)
      sigprocmask(SIG_UNBLOCK, &set, nil)
    }
  }
}

/// The user ended the program.
struct Interrupted: Error, Hashable, CustomStringConvertible {
  let signal: Int32

  var description: String { "interrupted" }

  /// 128 and the signal's number, as shells say it.
  var code: ExitCode { signal == SIGTERM ? .terminated : .interrupted }
}

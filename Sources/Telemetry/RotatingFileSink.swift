import Glibc
import Locking

/// JSON lines in a file that makes room for a new one when it is full.
///
/// `run.log` becomes `run.log.1`, that `run.log.2` and so on; the oldest is dropped. No line is lost
/// by that: the file is moved, never cut, and where it cannot be moved it just grows on. Another
/// process may write to the same file or move it away; each line is one append.
///
/// A line that cannot be written, as on a full disk, is counted. It is said once on standard error,
/// and in the log itself when there is room again.
public final class RotatingFileSink: LogSink {
  private struct State: Sendable {
    var descriptor: Int32 = -1
    /// Whether the last line was written in part, so that the next must not follow it directly.
    var isTorn = false
    var lost = 0
    var hasComplained = false
  }

  private let path: String
  private let maxSize: Int
  private let maxFiles: Int
  private let complain: @Sendable (String) -> Void
  private let state = Locked(State())

  /// A sink for a file, which is made, or appended to, at the first event.
  ///
  /// - Parameters:
  ///   - path: Where.
  ///   - maxSize: The bytes after which the next line begins a new file.
  ///   - maxFiles: How many full files are kept beside the one that is written; at least 1.
  ///   - complain: Hears once of what goes wrong, as a line for people.
  public init(
    path: String, maxSize: Int, maxFiles: Int, complain: @escaping @Sendable (String) -> Void
  ) {
    precondition(maxSize > 0 && maxFiles > 0, "no room for a log: \(maxSize), \(maxFiles)")
    self.path = path
    self.maxSize = maxSize
    self.maxFiles = maxFiles
    self.complain = complain
  }

  deinit {
    state.withLock { if $0.descriptor >= 0 { close($0.descriptor) } }
  }

  /// Writes an event as a line.
  public func write(_ event: LogEvent) {
    let line = LogFormat.json.bytes(of: event)
    state.withLock { state in
      guard prepare(&state, room: line.count) else { return lose(&state) }
      var bytes = state.isTorn ? [UInt8(ascii: "\n")] : []
      if state.lost > 0 {
        bytes += LogFormat.json.bytes(
          of: LogEvent(
            time: event.time, level: .warn, message: "lines of the log were lost before this one",
            fields: [.init("lost", LogValue(state.lost))]))
      }
      bytes += line
      let written = writeWhole(bytes, to: state.descriptor)
      if written == bytes.count {
        state.isTorn = false
        state.lost = 0
      } else {
        if written > 0 { state.isTorn = true }
        lose(&state)
      }
    }
  }

  /// Sees to an open file with room; `false` where there is none, for the reason in `errno`.
  private func prepare(_ state: inout State, room: Int) -> Bool {
    var status = stat()
    // A file that somebody has deleted would swallow the lines.
    if state.descriptor < 0 || fstat(state.descriptor, &status) != 0 || status.st_nlink == 0 {
      guard reopen(&state), fstat(state.descriptor, &status) == 0 else { return false }
    }
    // Devices and pipes have no size and are never full.
    if status.st_mode & S_IFMT == S_IFREG, status.st_size > 0, Int(status.st_size) + room > maxSize
    {
      rotate(&state, status)
    }
    return true
  }

  /// Opens what is at the path now; leaves things as they are where that fails.
  private func reopen(_ state: inout State) -> Bool {
    let descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { return false }
    if state.descriptor >= 0 { close(state.descriptor) }
    state.descriptor = descriptor
    return true
  }

  private func rotate(_ state: inout State, _ status: stat) {
    var now = stat()
    let isOurs =
      stat(path, &now) == 0 && now.st_dev == status.st_dev && now.st_ino == status.st_ino
    if isOurs {
      for number in stride(from: maxFiles - 1, to: 0, by: -1) {
        rename("\(path).\(number)", "\(path).\(number + 1)")  // Fails where there is none yet.
      }
      guard rename(path, "\(path).1") == 0 else { return complainOnce(&state, "move") }
    }
    if !reopen(&state) { complainOnce(&state, "begin") }
  }

  private func lose(_ state: inout State) {
    complainOnce(&state, "write")
    state.lost += 1
  }

  private func complainOnce(_ state: inout State, _ what: String) {
    let cause = String(cString: strerror(errno))
    guard !state.hasComplained else { return }
    state.hasComplained = true
    complain(
      "cannot \(what) the log \(path): \(cause). Lines may be lost; this is said once. Make room, "
        + "or choose another place with logging.file.")
  }
}

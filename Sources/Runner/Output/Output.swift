import Glibc

/// Where text goes: stdout for data, stderr for everything else, or a file.
///
/// Buffered by the caller, written whole. A reader that goes away (`runner … | head`) ends the
/// program by SIGPIPE, as it should.
enum Output {
  /// Writes to standard output.
  static func data(_ text: String) { write(text, to: STDOUT_FILENO) }

  /// Writes a line to standard error.
  static func message(_ text: String) { write(text + "\n", to: STDERR_FILENO) }

  private static func write(_ text: String, to descriptor: Int32) {
    var text = text
    text.withUTF8 { bytes in
      // Nowhere is left to say that stdout or stderr is gone.
      _ = try? writeAll(UnsafeRawBufferPointer(bytes), to: descriptor)
    }
  }

  /// Writes all bytes, however many calls that takes.
  static func writeAll(
    _ bytes: UnsafeRawBufferPointer, to descriptor: Int32
  ) throws(SystemError) {
    var done = 0
    while done < bytes.count {
      let count = Glibc.write(descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done)
      if count < 0 {
        if errno == EINTR { continue }
        throw SystemError(number: errno)
      }
      done += count
    }
  }
}

/// What the operating system says went wrong.
struct SystemError: Error, Hashable, CustomStringConvertible {
  let number: Int32
  var description: String { String(cString: strerror(number)) }
}

import Glibc

/// Where text goes: stdout for data, stderr for everything else, or a file.
///
/// Buffered by the caller, written whole. A reader that goes away (`runner … | head`) ends the
/// program by SIGPIPE, as it should.
enum Output {
  /// Writes to standard output.
  static func data(_ text: String) throws(OutputError) {
    var output = try OutputFile("-")
    try output.write(text.utf8)
    try output.finish()
  }

  /// Writes a line to standard error.
  static func message(_ text: String) {
    // Nowhere is left to say that stderr is gone.
    raw(text + "\n", to: STDERR_FILENO)
  }

  /// Writes text as it is, where nothing can be done if that fails.
  static func raw(_ text: String, to descriptor: Int32) {
    var text = text
    text.withUTF8 { _ = try? writeAll(UnsafeRawBufferPointer($0), to: descriptor) }
  }

  /// Writes all bytes, however many calls that takes.
  static func writeAll(
    _ bytes: UnsafeRawBufferPointer, to descriptor: Int32
  ) throws(SystemError) {
    var done = 0
    while done < bytes.count {
      let count = Glibc.write(descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done)
      if count < 0 {
        if errno == EINTR, Interruption.signal == nil { continue }
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

import Glibc
import Locking

/// Where events go.
public protocol LogSink: Sendable {
  /// Writes an event that has no secrets left in it.
  ///
  /// Never throws: a log that cannot be written is no reason to stop what it tells of.
  func write(_ event: LogEvent)
}

/// Writes events to an open descriptor, such as standard error.
public final class DescriptorSink: LogSink {
  private let format: LogFormat
  /// The descriptor; the lock keeps the lines of two threads apart.
  private let descriptor: Locked<Int32>

  /// A sink for a descriptor, which stays open and the caller's.
  public init(_ descriptor: Int32, format: LogFormat) {
    self.format = format
    self.descriptor = Locked(descriptor)
  }

  /// Writes an event; where standard error is gone, nowhere is left to say so.
  public func write(_ event: LogEvent) {
    let bytes = format.bytes(of: event)
    descriptor.withLock { _ = writeWhole(bytes, to: $0) }
  }
}

/// Writes bytes, in as many calls as that takes.
///
/// - Returns: How many were written; fewer than there are where `errno` says why.
func writeWhole(_ bytes: [UInt8], to descriptor: Int32) -> Int {
  bytes.withUnsafeBytes { buffer in
    var done = 0
    while done < buffer.count {
      let count = Glibc.write(
        descriptor, buffer.baseAddress.map { $0 + done }, buffer.count - done)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { break }
      done += count
    }
    return done
  }
}

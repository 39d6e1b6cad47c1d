import Glibc

/// What writing into a folder comes to.
struct DiskTrial {
  /// Bytes that an ordinary user may still write.
  let free: UInt64
  /// Seconds until a page that was written is on the disk.
  let synchronization: Double

  /// Below this a session would soon stop.
  static let least: UInt64 = 50_000_000
  /// Weeks of a session with several pairs.
  static let comfortable: UInt64 = 1_000_000_000

  /// Writes a page, waits until it is on the disk, and removes it.
  ///
  /// - Throws: What the system says.
  init(folder: String) throws(DiskDefect) {
    func failure(_ doing: String) -> DiskDefect {
      DiskDefect(folder: folder, doing: doing, reason: String(cString: strerror(errno)))
    }
    var space = statvfs()
    guard statvfs(folder, &space) == 0 else { throw failure("looked at") }
    free = UInt64(space.f_bavail) * UInt64(space.f_frsize)
    let path = "\(folder)/.ratchet-doctor-\(getpid())"
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw failure("written") }
    defer {
      close(descriptor)
      unlink(path)
    }
    let page = [UInt8](repeating: 0, count: 4096)
    let watch = Stopwatch()
    guard write(descriptor, page, page.count) == page.count else { throw failure("written") }
    guard fsync(descriptor) == 0 else { throw failure("synchronized") }
    synchronization = watch.seconds
  }
}

/// A folder that a database cannot be in.
struct DiskDefect: Error, CustomStringConvertible {
  let folder: String
  let doing: String
  let reason: String

  var description: String { "\(folder) cannot be \(doing) (\(reason))" }
}

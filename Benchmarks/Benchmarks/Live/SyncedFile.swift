import Foundation

/// A file whose pages are written over and made durable, as the log of a database is.
final class SyncedFile: Sendable {
  private let descriptor: Int32
  private static let pages = 1000
  private static let page = [UInt8](repeating: 7, count: 4096)

  /// A file of its full length, so that a write changes no length, which would have to be durable too.
  init(in folder: URL) throws {
    let path = folder.appending(path: "synced").path()
    descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw UsageError("\(path) cannot be written") }
    for number in 0..<Self.pages { try write(number, isSynced: false) }
    guard fsync(descriptor) == 0 else { throw UsageError("\(path) cannot be synced") }
  }

  deinit { close(descriptor) }

  /// Writes a page over and waits until the disk has it.
  func write(_ number: Int, isSynced: Bool = true) throws {
    let place = off_t((number + Self.pages) % Self.pages * Self.page.count)
    guard pwrite(descriptor, Self.page, Self.page.count, place) == Self.page.count,
      !isSynced || fdatasync(descriptor) == 0
    else { throw UsageError("a file for the benchmark cannot be written") }
  }
}

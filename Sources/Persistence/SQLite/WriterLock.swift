import Glibc

/// The right to write a database, which one process has at a time.
///
/// A lock on the file `FILE-lock` beside it, which the system takes back when the process ends, however
/// it ends. The file holds the holder's process id, and stays: removing it would let two in. Reading
/// needs no lock.
package struct WriterLock: ~Copyable {
  /// The database's file, by its own name where it was named by a link.
  package let database: String
  /// The lock's file.
  package let path: String
  private let descriptor: Int32

  /// Takes the right to write a database, which need not exist yet.
  ///
  /// - Parameter database: The database's file.
  /// - Throws: `WriterLockError`, which names the process that has it.
  package init(database: String) throws(WriterLockError) {
    try self.init(database: database, pausing: { usleep(5_000) })
  }

  /// The same with a pause of the caller's between two tries.
  init(database: String, pausing pause: () -> Void) throws(WriterLockError) {
    let file = Self.file(of: database)
    let path = file + "-lock"
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    do {
      try Self.take(descriptor, path, pausing: pause)
    } catch {
      if descriptor >= 0 { close(descriptor) }
      throw WriterLockError(database: database, problem: error)
    }
    self.database = file
    self.path = path
    self.descriptor = descriptor
  }

  /// One lock for one file, by whatever link it is named.
  private static func file(of database: String) -> String {
    let real = realpath(database, nil)
    defer { free(real) }
    return real.map { String(cString: $0) } ?? database
  }

  private static func take(
    _ descriptor: Int32, _ path: String, pausing pause: () -> Void
  ) throws(WriterLockError.Problem) {
    guard descriptor >= 0 else { throw .cannotOpen(path, reason(errno)) }
    var tries = 0
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      let number = errno
      guard number == EWOULDBLOCK else { throw .cannotOpen(path, reason(number)) }
      // Whoever only asks whether somebody writes has it for a moment too.
      guard tries < 20 else { throw .held(by: holder(of: descriptor)) }
      tries += 1
      pause()
    }
    let text = "\(getpid())\n"
    guard ftruncate(descriptor, 0) == 0, pwrite(descriptor, text, text.utf8.count, 0) > 0 else {
      throw .cannotOpen(path, reason(errno))
    }
  }

  // Emptied first: a process id that is gone may be given to somebody else.
  deinit {
    ftruncate(descriptor, 0)
    // Closing alone would not do while a child of ours, between its fork and its exec, has it open too.
    flock(descriptor, LOCK_UN)
    close(descriptor)
  }

  /// Whether a process writes a database now.
  ///
  /// Asking changes nothing, and makes no file.
  /// - Parameter database: The database's file.
  /// - Returns: Whether one does.
  /// - Throws: `WriterLockError` where that cannot be found out.
  package static func isHeld(database: String) throws(WriterLockError) -> Bool {
    let path = file(of: database) + "-lock"
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      if errno == ENOENT { return false }
      throw WriterLockError(database: database, problem: .cannotOpen(path, reason(errno)))
    }
    defer { close(descriptor) }
    // Shared, so that two who ask do not take each other for a writer; given back at once.
    guard flock(descriptor, LOCK_SH | LOCK_NB) != 0 else {
      flock(descriptor, LOCK_UN)
      return false
    }
    guard errno == EWOULDBLOCK else {
      throw WriterLockError(database: database, problem: .cannotOpen(path, reason(errno)))
    }
    return true
  }

  /// The process id in the file; `nil` where the holder is only just about to write it.
  private static func holder(of descriptor: Int32) -> Int32? {
    for _ in 0..<20 {
      var buffer = [UInt8](repeating: 0, count: 16)
      let count = pread(descriptor, &buffer, buffer.count, 0)
      let digits = buffer.prefix(max(count, 0)).prefix { $0 != UInt8(ascii: "\n") }
      // What a killed process left is not the holder's.
      if let pid = Int32(String(decoding: digits, as: UTF8.self)), pid > 0,
        kill(pid, 0) == 0 || errno != ESRCH
      {
        return pid
      }
      usleep(5_000)
    }
    return nil
  }

  private static func reason(_ number: Int32) -> String { String(cString: strerror(number)) }
}

/// Why a database may not be written.
package struct WriterLockError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is in the way.
  package enum Problem: Error, Hashable, Sendable {
    /// A process that writes it; its id, where it could be read.
    case held(by: Int32?)
    /// The lock's file, and what the system says of it.
    case cannotOpen(String, String)
  }

  /// The database.
  package var database: String
  /// What is in the way.
  package var problem: Problem

  /// One line for the user.
  package var description: String { "\(fact). \(advice)" }

  /// Who or what is in the way, without a full stop.
  package var fact: String {
    switch problem {
    case .held(let pid?):
      "\(database): process \(pid) is writing this database, and only one may"
    case .held(nil): "\(database): another process is writing this database, and only one may"
    case .cannotOpen(let path, let reason): "\(path): the lock cannot be taken (\(reason))"
    }
  }

  /// What to do.
  package var advice: String {
    switch problem {
    case .held(let pid?):
      "Wait for it to end, stop it (kill \(pid)), or work on a copy: runner db backup FILE --db "
        + database
    case .held(nil): "Find it with: fuser \(database)-lock"
    case .cannotOpen: "Check that its folder exists and that you may write there."
    }
  }
}

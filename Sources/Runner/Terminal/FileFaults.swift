import Glibc
import Synchronization

/// Faults of files that the system tells by a signal, which would end the program without a word.
enum FileFaults {
  /// The address of the words to be written, and their length; 0 before there are any.
  private static let words = Atomic<UInt>(0)
  private static let count = Atomic<Int>(0)

  /// A file that must not grow any more (`ulimit -f`) is an error of the write, like a full disk.
  static func expectFullFiles() { _ = signal(SIGXFSZ, SIG_IGN) }

  /// Says what to do where a file of a database is cut while it is read as memory.
  ///
  /// That memory is gone then, which is a SIGBUS; nothing can go on, but somebody can be told.
  ///
  /// - Parameters:
  ///   - database: The database's file.
  ///   - name: What the program is called.
  static func explainLostMemory(of database: String, _ name: String) {
    let text =
      "\(name): \(database): the database is damaged (a file of it was cut while it was open). What "
      + "was committed is kept where it was not cut off. Run `runner db check --db \(database)`, and "
      + "restore a backup made by `runner db backup`.\n"
    let bytes = Array(text.utf8)
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 1)
    copy.copyBytes(from: bytes)  // For as long as the program runs: a handler must not allocate.
    words.store(UInt(bitPattern: copy.baseAddress), ordering: .relaxed)
    count.store(bytes.count, ordering: .relaxed)
    var action = sigaction()
    action.__sigaction_handler.sa_handler = { _ in
      let start = UnsafeRawPointer(bitPattern: FileFaults.words.load(ordering: .relaxed))
      _ = write(STDERR_FILENO, start, FileFaults.count.load(ordering: .relaxed))
      _exit(ExitCode.data.rawValue)
    }
    sigaction(SIGBUS, &action, nil)
  }
}

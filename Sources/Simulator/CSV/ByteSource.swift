import Glibc

/// Where a reader's bytes come from, a piece at a time.
package protocol ByteSource: ~Copyable {
  /// Copies the next bytes into `buffer`, which is not empty.
  ///
  /// - Returns: How many there were, and 0 exactly at the end.
  mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws(CSVError) -> Int

  /// How many bytes there are in all, where that is known: a hint that may turn out wrong.
  var size: Int? { get }
}

extension ByteSource where Self: ~Copyable {
  package var size: Int? { nil }
}

/// The bytes of a file, from open(2) and read(2); the descriptor closes with the value.
package struct FileSource: ByteSource, ~Copyable {
  private let descriptor: CInt
  private let goesOn: ((_ done: Int) -> Bool)?
  private var done = 0

  /// Opens the file; whether it is one that can be read shows at the first read.
  ///
  /// `goesOn` hears before each piece, and when a signal ends a wait, how many bytes were read; its
  /// `false` ends the reading with an error.
  package init(path: String, goesOn: ((_ done: Int) -> Bool)? = nil) throws(CSVError) {
    self.goesOn = goesOn
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw CSVError(line: nil, problem: .unreadable(code: errno)) }
  }

  deinit { close(descriptor) }

  package var size: Int? {
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    return Int(status.st_size)
  }

  package mutating func read(
    into buffer: UnsafeMutableRawBufferPointer
  ) throws(CSVError) -> Int {
    while true {
      if let goesOn, !goesOn(done) { throw CSVError(line: nil, problem: .interrupted) }
      let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
      if count >= 0 {
        done += count
        return count
      }
      guard errno == EINTR else { throw CSVError(line: nil, problem: .unreadable(code: errno)) }
    }
  }
}

/// Bytes in at one end, out at the other.
struct ByteQueue {
  private var bytes: [UInt8] = []
  private var start = 0

  var count: Int { bytes.count - start }
  var isEmpty: Bool { count == 0 }

  mutating func append(_ more: [UInt8]) {
    if isEmpty {
      bytes = more
      start = 0
    } else {
      bytes += more
    }
  }

  /// Shows the first bytes; the closure says how many of them are done with.
  mutating func consume(_ body: (UnsafeRawBufferPointer) -> Int) {
    start += bytes.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[start...])) }
    if start == bytes.count {
      bytes = []
      start = 0
    } else if start > 1_048_576 {
      bytes.removeFirst(start)
      start = 0
    }
  }
}

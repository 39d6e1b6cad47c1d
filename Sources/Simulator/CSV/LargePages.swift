import Glibc

/// Asks the system for large pages below an array that is about to be filled.
enum LargePages {
  /// Two megabytes: what x86-64 and most ARM machines have beside pages of 4 KB.
  private static var size: Int { 2 << 20 }

  /// Advises the system about the memory that an array has reserved.
  ///
  /// Filling fresh memory stops once a page, and for a year of candles these 1,600 stops take longer
  /// than reading its file does. It is advice: where it is not taken, nothing is lost.
  static func advise<Element>(_ array: inout [Element]) {
    let bytes = array.capacity * MemoryLayout<Element>.stride
    guard bytes >= 2 * size else { return }
    array.withUnsafeMutableBytes { buffer in
      guard let base = buffer.baseAddress else { return }
      // Whole large pages only, so that memory of others is left as it is.
      let start = (UInt(bitPattern: base) + UInt(size) - 1) & ~(UInt(size) - 1)
      let end = (UInt(bitPattern: base) + UInt(bytes)) & ~(UInt(size) - 1)
      guard end > start else { return }
      _ = madvise(UnsafeMutableRawPointer(bitPattern: start), Int(end - start), MADV_HUGEPAGE)
    }
  }
}

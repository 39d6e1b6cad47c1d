import Hashing

/// A text of plain lines, one for each thing in the order in which it happened, that two programs can
/// compare byte by byte.
public protocol CanonicalLines: Sendable {
  /// What the lines are of.
  associatedtype Run

  /// The text's name in result files.
  var name: String { get }

  /// Writes the text block by block.
  ///
  /// - Parameters:
  ///   - result: The run.
  ///   - sink: Takes about 32 KiB at a time; not called for an empty text.
  /// - Throws: What the sink throws, at once.
  func write<Failure: Error>(
    of result: Run, to sink: ([UInt8]) throws(Failure) -> Void
  ) throws(Failure)
}

extension CanonicalLines where Self: RawRepresentable<String> {
  /// The text's name in result files.
  public var name: String { rawValue }
}

extension CanonicalLines {
  /// The whole text, for short runs and for tests.
  public func text(of result: Run) -> String {
    var bytes: [UInt8] = []
    write(of: result) { bytes += $0 }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The text's MD5 in hexadecimal digits, what `md5sum` prints of it; the text is never whole.
  public func md5(of result: Run) -> String {
    var digest = Digest(.md5)
    write(of: result) { digest.update($0.span) }
    return digest.hexadecimal()
  }
}

import Glibc
public import Market

/// Why candles could not be written.
public struct CandleWriteError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The path, or the number of the descriptor.
  public var target: String
  /// The `errno` of the system.
  public var code: Int32

  /// An error of the system at a target.
  public init(target: String, code: Int32) {
    self.target = target
    self.code = code
  }

  /// One line for the user.
  public var description: String {
    "\(target): cannot be written: \(String(cString: strerror(code)))"
  }
}

/// Writes candles as CSV, as `CandleFile` reads them, without holding more than a chunk of them.
///
/// The header is `timestamp,open,high,low,close,volume`; times are whole seconds UTC since 1970,
/// figures exact decimals, lines end with LF.
public enum CandleWriter {
  /// The first line.
  public static let header = "timestamp,open,high,low,close,volume\n"

  /// The line of one candle, whose start is a whole second.
  public static func row(_ candle: Candle) -> [UInt8] {
    var bytes: [UInt8] = []
    append(candle, to: &bytes)
    return bytes
  }

  /// Writes to a sink that takes a chunk of bytes at a time.
  ///
  /// - Precondition: Every start is a whole second.
  public static func write<Failure: Error>(
    _ candles: some Sequence<Candle>, to sink: (UnsafeRawBufferPointer) throws(Failure) -> Void
  ) throws(Failure) {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(chunk + 1024)
    bytes.append(contentsOf: header.utf8)
    for candle in candles {
      precondition(
        candle.start.nanoseconds % 1_000_000_000 == 0,
        "a candle to write starts at a whole second, was \(candle.start)")
      append(candle, to: &bytes)
      if bytes.count >= chunk { try flush(&bytes, to: sink) }
    }
    try flush(&bytes, to: sink)
  }

  /// Writes to an open file descriptor, and leaves it open.
  ///
  /// - Precondition: Every start is a whole second.
  public static func write(
    _ candles: some Sequence<Candle>, toDescriptor descriptor: Int32
  ) throws(CandleWriteError) {
    try write(candles, to: descriptor, name: "descriptor \(descriptor)")
  }

  /// Writes to a file, which is made, or replaced if it is there.
  ///
  /// - Precondition: Every start is a whole second.
  public static func write(
    _ candles: some Sequence<Candle>, toPath path: String
  ) throws(CandleWriteError) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw CandleWriteError(target: path, code: errno) }
    do throws(CandleWriteError) {
      try write(candles, to: descriptor, name: path)
    } catch {
      close(descriptor)
      throw error
    }
    // Some file systems report a full disk only here.
    guard close(descriptor) == 0 else { throw CandleWriteError(target: path, code: errno) }
  }

  private static var chunk: Int { 65_536 }

  private static func write(
    _ candles: some Sequence<Candle>, to descriptor: CInt, name: String
  ) throws(CandleWriteError) {
    try write(candles) { (bytes) throws(CandleWriteError) in
      var rest = bytes[...]
      while !rest.isEmpty {
        let piece = UnsafeRawBufferPointer(rebasing: rest)
        let count = Glibc.write(descriptor, piece.baseAddress, piece.count)
        if count >= 0 {
          rest = rest.dropFirst(count)
        } else if errno != EINTR {
          throw CandleWriteError(target: name, code: errno)
        }
      }
    }
  }

  private static func flush<Failure: Error>(
    _ bytes: inout [UInt8], to sink: (UnsafeRawBufferPointer) throws(Failure) -> Void
  ) throws(Failure) {
    guard !bytes.isEmpty else { return }
    let written: Result<Void, Failure> = bytes.withUnsafeBytes { chunk in
      Result { () throws(Failure) in try sink(chunk) }
    }
    try written.get()
    bytes.removeAll(keepingCapacity: true)
  }

  private static func append(_ candle: Candle, to bytes: inout [UInt8]) {
    bytes.append(contentsOf: "\(candle.start.seconds)".utf8)
    for price in [candle.open, candle.high, candle.low, candle.close] {
      bytes.append(UInt8(ascii: ","))
      bytes.append(contentsOf: price.description.utf8)
    }
    bytes.append(UInt8(ascii: ","))
    bytes.append(contentsOf: candle.volume.description.utf8)
    bytes.append(UInt8(ascii: "\n"))
  }
}

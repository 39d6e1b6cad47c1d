import Glibc

/// A plain socket that sends what no proper peer would; it blocks, up to a bound.
struct RawSocket: ~Copyable {
  private let descriptor: Int32

  private init(descriptor: Int32) {
    self.descriptor = descriptor
    // What takes longer than this is a hang.
    var limit = timeval(tv_sec: 10, tv_usec: 0)
    for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
      setsockopt(descriptor, SOL_SOCKET, option, &limit, socklen_t(MemoryLayout<timeval>.size))
    }
    var yes: Int32 = 1
    setsockopt(
      descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, socklen_t(MemoryLayout<Int32>.size))
  }

  deinit { close(descriptor) }

  /// A connection to a port of this machine; `nil` where there is none to be had.
  static func connect(to port: UInt16) -> RawSocket? {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { return nil }
    var address = loopback(port)
    let code = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        again { Glibc.connect(descriptor, pointer, socklen_t(MemoryLayout<sockaddr_in>.size)) }
      }
    }
    // Interrupted, it goes on by itself.
    guard code == 0 || errno == EISCONN else {
      close(descriptor)
      return nil
    }
    return RawSocket(descriptor: descriptor)
  }

  /// Does what a signal may interrupt: the fuzzer looks at its clock by one, every eleven seconds.
  private static func again<Count: BinaryInteger>(_ call: () -> Count) -> Count {
    while true {
      let count = call()
      if count >= 0 || errno != EINTR && errno != EALREADY { return count }
    }
  }

  /// A socket that listens, on a port that is free; it stays to the end of the process.
  static func listen() -> (descriptor: Int32, port: UInt16) {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    var address = loopback(0)
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        let isListening =
          bind(descriptor, pointer, size) == 0 && Glibc.listen(descriptor, 64) == 0
          && getsockname(descriptor, pointer, &size) == 0
        precondition(isListening, "no port of this machine is free")
      }
    }
    return (descriptor, UInt16(bigEndian: address.sin_port))
  }

  /// The next connection to a socket that listens; `nil` where none comes within so many milliseconds.
  static func accept(from listener: Int32, within milliseconds: Int32) -> RawSocket? {
    var poll = pollfd(fd: listener, events: Int16(POLLIN), revents: 0)
    guard Glibc.poll(&poll, 1, milliseconds) == 1 else { return nil }
    let descriptor = Glibc.accept(listener, nil, nil)
    return descriptor < 0 ? nil : RawSocket(descriptor: descriptor)
  }

  private static func loopback(_ port: UInt16) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    return address
  }

  /// Writes, in pieces of so many bytes, and says that nothing more comes, unless something does.
  ///
  /// Whoever closes early has heard enough.
  func write(_ bytes: [UInt8], piece: Int = .max, isLast: Bool = true) {
    var sent = 0
    while sent < bytes.count {
      let end = sent + min(piece, bytes.count - sent)
      let count = bytes[sent..<end].withUnsafeBytes {
        let piece = $0
        return Self.again { send(descriptor, piece.baseAddress, piece.count, Int32(MSG_NOSIGNAL)) }
      }
      guard count > 0 else { break }
      sent += count
    }
    if isLast { shutdown(descriptor, Int32(SHUT_WR)) }
  }

  /// Everything until the other side closes; `nil` where it never does.
  func readAll() -> [UInt8]? {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 16_384)
    while true {
      let count = Self.again { recv(descriptor, &chunk, chunk.count, 0) }
      if count < 0, errno == EAGAIN || errno == EWOULDBLOCK { return nil }
      guard count > 0 else { return bytes }
      bytes += chunk[..<count]
    }
  }

  /// Everything up to an empty line; `nil` where the other side closes before.
  func readHead() -> String? {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = Self.again { recv(descriptor, &chunk, chunk.count, 0) }
      guard count > 0 else { return nil }
      bytes += chunk[..<count]
      if bytes.suffix(4) == [13, 10, 13, 10] { return String(decoding: bytes, as: UTF8.self) }
    }
  }
}

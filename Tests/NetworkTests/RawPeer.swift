import Foundation
import Glibc
import Network

/// A peer that does with a plain socket what no proper one would; it blocks, on a thread of its own.
struct RawPeer: Sendable {
  let descriptor: Int32

  /// Everything up to some bytes; nil if the other side closed first.
  func read(until end: String) -> String? {
    var bytes: [UInt8] = []
    var byte: UInt8 = 0
    while !bytes.ends(with: end.utf8) {
      guard recv(descriptor, &byte, 1, 0) == 1 else { return nil }
      bytes.append(byte)
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// So many bytes; nil if the other side closed first.
  func read(count: Int) -> [UInt8]? {
    var bytes: [UInt8] = []
    var byte: UInt8 = 0
    while bytes.count < count {
      guard recv(descriptor, &byte, 1, 0) == 1 else { return nil }
      bytes.append(byte)
    }
    return bytes
  }

  /// Everything until the other side closes.
  func readAll() -> [UInt8] {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while case let count = recv(descriptor, &chunk, chunk.count, 0), count > 0 {
      bytes += chunk[..<count]
    }
    return bytes
  }

  func write(_ text: String) { write(Array(text.utf8)) }

  func write(_ bytes: [UInt8]) {
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes {
        send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return }
      sent += count
    }
  }

  /// Has `close` reset the connection.
  func breakOnClose() {
    var linger = linger(l_onoff: 1, l_linger: 0)
    setsockopt(
      descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<linger>.size))
  }

  // MARK: - As a server

  /// Listens, and plays the script for the first connection, or for each of a number.
  static func serve(
    connections: Int = 1, _ script: @escaping @Sendable (RawPeer) -> Void
  ) -> Endpoint {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        precondition(bind(descriptor, pointer, size) == 0)
        precondition(listen(descriptor, 16) == 0)
        precondition(getsockname(descriptor, pointer, &size) == 0)
      }
    }
    Thread.detachNewThread {
      for _ in 0..<connections {
        let peer = accept(descriptor, nil, nil)
        guard peer >= 0 else { break }
        limit(peer)
        script(RawPeer(descriptor: peer))
        close(peer)
      }
      close(descriptor)
    }
    return Endpoint(host: "127.0.0.1", port: UInt16(bigEndian: address.sin_port), isSecure: false)
  }

  // MARK: - As a client

  /// Connects, and plays the script on a thread; returns its result.
  static func connect<Result: Sendable>(
    to port: UInt16, _ script: @escaping @Sendable (RawPeer) -> Result
  ) async -> Result {
    await withCheckedContinuation { continuation in
      Thread.detachNewThread {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        limit(descriptor)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        withUnsafePointer(to: &address) { pointer in
          pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
            _ = Glibc.connect(descriptor, pointer, socklen_t(MemoryLayout<sockaddr_in>.size))
          }
        }
        let result = script(RawPeer(descriptor: descriptor))
        close(descriptor)
        continuation.resume(returning: result)
      }
    }
  }

  /// The watchdog of every blocking call.
  private static func limit(_ descriptor: Int32) {
    var limit = timeval(tv_sec: 30, tv_usec: 0)
    for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
      setsockopt(
        descriptor, SOL_SOCKET, option, &limit, socklen_t(MemoryLayout<timeval>.size))
    }
  }
}

extension Array where Element == UInt8 {
  func ends(with other: some Collection<UInt8>) -> Bool {
    suffix(other.count).elementsEqual(other)
  }
}

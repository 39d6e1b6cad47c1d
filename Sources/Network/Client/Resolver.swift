import Glibc

/// Finds the addresses of a host.
enum Resolver {
  /// One address, as `connect` takes it.
  struct Address: Hashable, Sendable {
    let family: Int32
    let bytes: [UInt8]
  }

  /// Calls back on the loop's thread, at once for an address in figures.
  ///
  /// A name is looked up on a thread of its own, because the system has no way to do it without waiting;
  /// that thread ends by itself when the system gives up, at the latest.
  static func resolve(
    _ host: String, port: UInt16, on loop: EventLoop,
    _ done: @escaping @Sendable (Result<[Address], NetworkError.Problem>) -> Void
  ) {
    if case .success(let found) = look(host, port, flags: AI_NUMERICHOST) {
      done(.success(found))
      return
    }
    let job = Job { [weak loop] in
      let found = look(host, port, flags: 0)
      loop?.execute { done(found) }
    }
    var thread = pthread_t()
    let me = Unmanaged.passRetained(job)
    let code = pthread_create(
      &thread, nil,
      { pointer in
        if let pointer { Unmanaged<Job>.fromOpaque(pointer).takeRetainedValue().body() }
        return nil
      }, me.toOpaque())
    if code == 0 {
      pthread_detach(thread)
    } else {
      me.release()
      loop.execute { done(.failure(.unresolved("no thread to ask"))) }
    }
  }

  private final class Job: Sendable {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }

  private static func look(
    _ host: String, _ port: UInt16, flags: Int32
  ) -> Result<[Address], NetworkError.Problem> {
    var hints = addrinfo()
    hints.ai_family = AF_UNSPEC
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    hints.ai_flags = flags | AI_NUMERICSERV
    var list: UnsafeMutablePointer<addrinfo>?
    let code = getaddrinfo(host, String(port), &hints, &list)
    defer { if let list { freeaddrinfo(list) } }
    guard code == 0 else {
      return .failure(.unresolved(String(cString: gai_strerror(code)).lowercased()))
    }
    var found: [Address] = []
    var next = list
    while let entry = next?.pointee {
      if let address = entry.ai_addr {
        let bytes = UnsafeRawBufferPointer(start: address, count: Int(entry.ai_addrlen))
        found.append(Address(family: entry.ai_family, bytes: Array(bytes)))
      }
      next = entry.ai_next
    }
    return found.isEmpty ? .failure(.unresolved("no address")) : .success(found)
  }
}

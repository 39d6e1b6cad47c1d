import CWebSockets
import Glibc
import Locking

/// One thread that waits on every socket, by libwebsockets; everything of a connection happens on it.
///
/// Whoever makes a loop shuts it down: until then its thread runs.
///
/// `@unchecked Sendable`, because: what other threads reach is `inbox`, which is behind a lock, and
/// constants (`context`, `vhost`, `protocols`, `alarm`), of which they use `context` alone, for
/// `lws_cancel_service`, which libwebsockets allows from any thread, under that lock and only while the
/// inbox is open; the context is destroyed after that. Everything else is touched by the loop's thread only; `assertInLoop` checks it in debug
/// builds.
package final class EventLoop: @unchecked Sendable {
  private struct Inbox {
    var work: [@Sendable () -> Void] = []
    /// Whether work is still taken.
    var isOpen = true
    var thread: pthread_t?
    var waiters: [CheckedContinuation<Void, Never>] = []
    var isOver = false
  }

  private let inbox = Locked(Inbox())
  private let context: OpaquePointer
  private let vhost: OpaquePointer
  private let protocols: UnsafeMutablePointer<lws_protocols>
  private let alarm: UnsafeMutablePointer<lws_sorted_usec_list_t>
  private let name: UnsafeMutablePointer<CChar>

  // Of the loop's thread.
  private var watches: [ObjectIdentifier: Watch] = [:]
  private var deadlines = Deadlines()
  private var deferred: [() -> Void] = []
  private var guests: [ObjectIdentifier: any LoopGuest] = [:]
  private var isEnding = false
  /// Where sockets are read into; one for all, for one is read at a time.
  let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: 65_536, alignment: 16)

  /// Starts the thread.
  package init() throws(NetworkError) {
    Self.silence
    name = strdup("ratchet")
    protocols = .allocate(capacity: 2)
    protocols.initialize(repeating: lws_protocols(), count: 2)
    protocols[0].name = UnsafePointer(name)
    protocols[0].callback = { wsi, reason, _, _, _ in EventLoop.called(wsi, reason) }
    alarm = .allocate(capacity: 1)
    alarm.initialize(to: lws_sorted_usec_list_t())

    var info = lws_context_creation_info()
    info.port = -1  // CONTEXT_PORT_NO_LISTEN: libwebsockets opens no socket by itself.
    info.protocols = UnsafePointer(protocols)
    info.options = UInt64(LWS_SERVER_OPTION_EXPLICIT_VHOSTS)
    let made = lws_create_context(&info)
    info.vhost_name = UnsafePointer(name)
    guard let made, let host = lws_create_vhost(made, &info) else {
      if let made { lws_context_destroy(made) }
      protocols.deallocate()
      alarm.deallocate()
      scratch.deallocate()
      free(name)
      throw NetworkError(.cannotListen("no event loop: too few file descriptors?"), at: "network")
    }
    context = made
    vhost = host

    var thread = pthread_t()
    let me = Unmanaged.passRetained(self)
    let code = pthread_create(
      &thread, nil,
      { pointer in
        if let pointer { Unmanaged<EventLoop>.fromOpaque(pointer).takeRetainedValue().run() }
        return nil
      }, me.toOpaque())
    guard code == 0 else {
      me.release()
      lws_context_destroy(context)
      throw NetworkError(.cannotListen("no thread: \(Self.text(code))"), at: "network")
    }
    // Only `shutDown` reads it.
    inbox.withLock { $0.thread = thread }
  }

  deinit {
    protocols.deallocate()
    alarm.deallocate()
    scratch.deallocate()
    free(name)
  }

  /// What libwebsockets says goes nowhere: our errors say it, with place and remedy.
  private static let silence: Void = lws_set_log_level(0, nil)

  static func text(_ code: Int32) -> String { String(cString: strerror(code)).lowercased() }

  // MARK: - From any thread

  /// Has the loop do something soon.
  ///
  /// Returns whether it will; after `shutDown` it does not.
  @discardableResult
  package func execute(_ work: @escaping @Sendable () -> Void) -> Bool {
    inbox.withLock { inbox in
      guard inbox.isOpen else { return false }
      inbox.work.append(work)
      // One wake-up for all that is waiting.
      if inbox.work.count == 1 { lws_cancel_service(context) }
      return true
    }
  }

  /// Runs something with a loop of its own, which is shut down whatever comes of it.
  ///
  /// - Parameter body: What to do with the loop.
  /// - Returns: What `body` does.
  /// - Throws: What `body` throws; `NetworkError` where there is no loop to be had.
  package static func running<Value: Sendable>(
    _ body: @Sendable (EventLoop) async throws -> Value
  ) async throws -> Value {
    let loop = try EventLoop()
    do {
      let value = try await body(loop)
      await loop.shutDown()
      return value
    } catch {
      await loop.shutDown()
      throw error
    }
  }

  /// Closes every connection and ends the thread; whoever waits gets `NetworkError.Problem.shutDown`.
  package func shutDown() async {
    await withCheckedContinuation { continuation in
      let isOver = inbox.withLock { inbox in
        if inbox.isOver { return true }
        inbox.waiters.append(continuation)
        if inbox.isOpen {
          inbox.isOpen = false
          lws_cancel_service(context)
        }
        return false
      }
      if isOver { continuation.resume() }
    }
    // The thread has only to return; whoever is first waits for that.
    let thread = inbox.withLock { inbox in
      defer { inbox.thread = nil }
      return inbox.thread
    }
    if let thread { pthread_join(thread, nil) }
  }

  /// Sends the loop's thread a signal, for tests.
  func interrupt(by signal: Int32) {
    inbox.withLock { inbox in
      if inbox.isOpen, let thread = inbox.thread { pthread_kill(thread, signal) }
    }
  }

  // MARK: - On the loop's thread

  private func run() {
    own = pthread_self()
    while true {
      drain()
      if isEnding { break }
      arm()
      if lws_service(context, 0) < 0 { inbox.withLock { $0.isOpen = false } }
    }
    deadlines.removeAll()
    lws_context_destroy(context)
    let waiters = inbox.withLock { inbox in
      defer { inbox.waiters = [] }
      inbox.isOver = true
      return inbox.waiters
    }
    for waiter in waiters { waiter.resume() }
  }

  private var own: pthread_t?

  /// Whether the caller is on the loop's thread.
  func assertInLoop() {
    assert(own.map { pthread_equal($0, pthread_self()) != 0 } ?? false, "not on the loop's thread")
  }

  /// Does what is due: handed over, put off, and at its deadline.
  private func drain() {
    while true {
      let (work, isOpen) = inbox.withLock { inbox in
        defer { inbox.work = [] }
        return (inbox.work, inbox.isOpen)
      }
      for item in work { item() }
      let now = Self.now
      while let item = deadlines.popDue(at: now) { item() }
      let later = deferred
      deferred = []
      for item in later { item() }
      guard work.isEmpty, later.isEmpty else { continue }
      if isOpen { return }
      // Nothing more comes in: send everybody home, and do what that puts off.
      if guests.isEmpty {
        isEnding = true
        return
      }
      let all = guests.values
      guests = [:]
      for guest in all { guest.loopEnds() }
    }
  }

  /// Has libwebsockets come back when the next deadline is due.
  private func arm() {
    guard let next = deadlines.next else {
      lws_sul_cancel(alarm)
      return
    }
    lws_sul_schedule(context, 0, alarm, { _ in }, max(1, next - Self.now))
  }

  /// Microseconds of a clock that only goes forward.
  static var now: Int64 { Int64(lws_now_usecs()) }

  /// Does something after a while, unless it is cancelled.
  func after(_ duration: Duration, _ work: @escaping () -> Void) -> Deadlines.ID {
    assertInLoop()
    let (seconds, attoseconds) = duration.components
    // A century is never; more would overflow.
    let micros = min(seconds, 3_153_600_000) * 1_000_000 + attoseconds / 1_000_000_000_000
    return deadlines.add(at: Self.now + max(0, micros), work)
  }

  /// Forgets a deadline.
  func cancel(_ id: Deadlines.ID?) {
    if let id { deadlines.cancel(id) }
  }

  /// Does something before the loop waits again, with nobody's call below it on the stack.
  func later(_ work: @escaping () -> Void) {
    assertInLoop()
    deferred.append(work)
  }

  /// Has a guest told when the loop ends.
  func welcome(_ guest: any LoopGuest) { guests[ObjectIdentifier(guest)] = guest }

  /// The guest is gone.
  func forget(_ guest: any LoopGuest) { guests[ObjectIdentifier(guest)] = nil }

  // MARK: - Sockets

  /// Watches a descriptor, which from now on is the loop's to close.
  ///
  /// Returns nil if there are too many; then it is closed already.
  func watch(_ descriptor: Int32, for target: any Watcher) -> Watch? {
    assertInLoop()
    var file = lws_sock_file_fd_type()
    file.filefd = descriptor
    // As a file, not as a socket: then libwebsockets says when it is ready and leaves reading and
    // writing, with the exact error, to us (decision note 13).
    guard let wsi = lws_adopt_descriptor_vhost(vhost, LWS_ADOPT_RAW_FILE_DESC, file, name, nil)
    else {
      Glibc.close(descriptor)
      return nil
    }
    let watch = Watch(on: self, wsi: wsi, descriptor: descriptor, target: target)
    lws_set_opaque_user_data(wsi, Unmanaged.passUnretained(watch).toOpaque())
    watches[ObjectIdentifier(watch)] = watch  // Kept until `close`.
    return watch
  }

  /// Closes a descriptor; nobody hears of it any more.
  func close(_ watch: Watch) {
    assertInLoop()
    watch.target = nil
    watches[ObjectIdentifier(watch)] = nil
    guard let wsi = watch.wsi else { return }
    watch.wsi = nil
    lws_set_opaque_user_data(wsi, nil)
    lws_set_timeout(wsi, PENDING_TIMEOUT_CLOSE_ACK, LWS_TO_KILL_SYNC)
  }

  /// What libwebsockets calls.
  private static func called(_ wsi: OpaquePointer?, _ reason: lws_callback_reasons) -> Int32 {
    switch reason {
    case LWS_CALLBACK_RAW_RX_FILE, LWS_CALLBACK_RAW_WRITEABLE_FILE, LWS_CALLBACK_RAW_CLOSE_FILE:
      guard let pointer = lws_get_opaque_user_data(wsi) else { return 0 }
      let watch = Unmanaged<Watch>.fromOpaque(pointer).takeUnretainedValue()
      if reason == LWS_CALLBACK_RAW_RX_FILE {
        watch.target?.readable()
      } else if reason == LWS_CALLBACK_RAW_WRITEABLE_FILE {
        // Later, because libwebsockets forgets what is asked for within this call.
        watch.loop.later { [weak watch] in watch?.target?.writable() }
      } else {
        watch.target?.lost()
        watch.wsi = nil  // libwebsockets closes it.
      }
      return 0
    default: return 0
    }
  }
}

/// Somebody who has to go when the loop ends.
protocol LoopGuest: AnyObject {
  /// The loop ends: close everything, answer everybody.
  func loopEnds()
}

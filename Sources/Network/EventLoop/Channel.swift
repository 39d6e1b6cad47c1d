import Glibc

/// Who uses a channel; called on the loop's thread.
protocol ChannelUser: AnyObject {
  /// Connected, and the certificate trusted: now it can be written to.
  func channelOpened()
  /// Bytes have come.
  func channelReceived(_ bytes: UnsafeRawBufferPointer)
  /// Everything written has gone to the system, or most of it.
  func channelDrained()
  /// It is over; nothing more is called.
  func channelClosed(_ end: Channel.End)
}

/// One connection as a stream of bytes, with or without TLS; of the loop's thread alone.
final class Channel: Watcher, LoopGuest {
  /// How it ended.
  enum End: Hashable {
    /// The other side has said all it had to; with TLS, it said that it would.
    case finished
    /// The other side, the system or the network broke it off.
    case broken(String)
    /// It never came about.
    case failed(NetworkError.Problem)
  }

  private enum State {
    case connecting, securing, open, closed
  }

  private let loop: EventLoop
  private var watch: Watch?
  private var tls: TLSSession?
  private var state: State
  private var outgoing = ByteQueue()
  private var closesWhenDrained = false
  private weak var user: (any ChannelUser)?

  /// From here on, whoever writes should wait for `channelDrained`.
  static let highWater = 262_144

  /// Takes a descriptor that is connected, or about to be.
  init(
    on loop: EventLoop, descriptor: Int32, isConnecting: Bool, tls: TLSSession?,
    user: any ChannelUser
  ) {
    self.loop = loop
    self.tls = tls
    self.user = user
    state = isConnecting ? .connecting : tls == nil ? .open : .securing
    watch = loop.watch(descriptor, for: self)
    if watch == nil {
      end(.failed(.unreachable("too many open connections")))
    } else if isConnecting {
      watch?.wantsToWrite()
    } else if tls == nil {
      loop.later { [self] in if state == .open { self.user?.channelOpened() } }
    }
  }

  /// From now on, somebody else uses it.
  func hand(to user: any ChannelUser) { self.user = user }

  /// Whether bytes that are handed over go anywhere: its user hears of the end a moment after it.
  var isOpen: Bool { state == .open && !closesWhenDrained }

  /// Bytes that have not gone to the system yet.
  var queued: Int { outgoing.count }

  /// Whether it is read from; not to do so is what slows the other side down.
  var reads: Bool {
    get { watch?.reads ?? false }
    set {
      guard state == .open else { return }
      watch?.reads = newValue
    }
  }

  /// Hands bytes over; the whole of them, however many.
  func write(_ bytes: [UInt8]) {
    loop.assertInLoop()
    guard isOpen else { return }
    if let tls {
      tls.write(bytes)
      outgoing.append(tls.takeOutput())
    } else {
      outgoing.append(bytes)
    }
    flush()
  }

  /// Closes at once.
  ///
  /// The user hears nothing more; with `reset`, the other side sees a broken connection.
  func close(reset: Bool = false) {
    user = nil
    guard state != .closed else { return }
    if reset, let watch {
      var linger = linger(l_onoff: 1, l_linger: 0)
      setsockopt(
        watch.descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<linger>.size))
    }
    end(.finished)
  }

  /// Says goodbye when everything is written, then reads and throws away until the other side closes
  /// too, or `patience` is over: bytes that nobody reads would have the system reset the connection, and
  /// the last answer with it.
  func finish(patience: Duration) {
    guard isOpen else { return }
    closesWhenDrained = true
    if let tls {
      tls.close()
      outgoing.append(tls.takeOutput())
    }
    watch?.reads = true
    loop.welcome(self)  // Which also keeps it: nobody else may hold it by now.
    deadline = loop.after(patience) { [weak self] in self?.close() }
    user = nil
    flush()
  }

  private var deadline: Deadlines.ID?

  func loopEnds() { close() }

  // MARK: - From the loop

  func readable() {
    guard state != .closed, state != .connecting, let watch else { return }
    let count = recv(watch.descriptor, loop.scratch.baseAddress, loop.scratch.count, 0)
    guard count > 0 else {
      if count == 0 {
        end(tls?.isEnded ?? true ? .finished : ending("closed without a word"))
      } else if errno != EAGAIN, errno != EINTR {
        end(ending(EventLoop.text(errno)))
      }
      return
    }
    let bytes = UnsafeRawBufferPointer(rebasing: loop.scratch[..<count])
    if closesWhenDrained { return }
    if let tls {
      receive(bytes, through: tls)
    } else {
      user?.channelReceived(bytes)
    }
  }

  func writable() {
    guard state == .connecting else {
      flush()
      return
    }
    guard let watch else { return }
    let code = watch.pendingError
    guard code == 0 else {
      end(.failed(.unreachable(EventLoop.text(code))))
      return
    }
    if let tls {
      state = .securing
      advance(tls)
    } else {
      state = .open
      user?.channelOpened()
    }
  }

  func lost() {
    let code = watch?.pendingError ?? 0
    end(
      state == .connecting
        ? .failed(.unreachable(EventLoop.text(code)))
        : ending(code == 0 ? "closed" : EventLoop.text(code)))
  }

  // MARK: - TLS

  private func receive(_ bytes: UnsafeRawBufferPointer, through tls: TLSSession) {
    tls.receive(bytes)
    if state == .securing { advance(tls) }
    while state == .open {
      switch tls.read(into: loop.scratch) {
      case .bytes(let count):
        user?.channelReceived(UnsafeRawBufferPointer(rebasing: loop.scratch[..<count]))
        continue
      case .nothing: break
      case .ended: end(.finished)
      case .failed(let why): end(.broken(why))
      }
      break
    }
    // Answers to what TLS itself has to say.
    let output = tls.takeOutput()
    if !output.isEmpty, state != .closed {
      outgoing.append(output)
      flush()
    }
  }

  private func advance(_ tls: TLSSession) {
    let step = tls.handshake()
    outgoing.append(tls.takeOutput())
    flush()
    switch step {
    case .goesOn: break
    case .done:
      guard state == .securing else { break }
      state = .open
      user?.channelOpened()
    case .failed(let problem): end(.failed(problem))
    }
  }

  // MARK: - Output

  private func flush() {
    guard let watch, state != .closed, state != .connecting else { return }
    var failure: Int32 = 0
    while !outgoing.isEmpty, failure == 0 {
      outgoing.consume { bytes in
        let count = send(
          watch.descriptor, bytes.baseAddress, min(bytes.count, 262_144), Int32(MSG_NOSIGNAL))
        if count < 0 { failure = errno }
        return max(0, count)
      }
    }
    if failure == EPIPE {
      // The other side reads no more, and may have said why: what it said is still to be read.
      outgoing = ByteQueue()
    } else if failure != 0, failure != EAGAIN, failure != EINTR {
      end(ending(EventLoop.text(failure)))
      return
    }
    if !outgoing.isEmpty { watch.wantsToWrite() }
    if outgoing.count <= Self.highWater / 2, state == .open { tellDrained() }
    if closesWhenDrained, outgoing.isEmpty { shutdown(watch.descriptor, Int32(SHUT_WR)) }
  }

  private var isTelling = false

  private func tellDrained() {
    guard !isTelling, let user else { return }
    isTelling = true
    loop.later { [weak self, weak user] in
      self?.isTelling = false
      if self?.state != .closed { user?.channelDrained() }
    }
  }

  // MARK: - End

  private func ending(_ why: String) -> End {
    switch state {
    case .connecting: .failed(.unreachable(why))
    case .securing: .failed(.tls(why))
    case .open, .closed: .broken(why)
    }
  }

  /// The end; the user is told a moment later, when no call of his is below us.
  private func end(_ end: End) {
    guard state != .closed else { return }
    // The last words of TLS tell the other side why.
    if case .failed = end { flushOnce() }
    state = .closed
    loop.cancel(deadline)
    let user = user
    loop.later { [self] in
      if let watch { loop.close(watch) }
      watch = nil
      loop.forget(self)
      tls = nil
      if self.user != nil { user?.channelClosed(end) }
      self.user = nil
    }
  }

  private func flushOnce() {
    guard let watch, !outgoing.isEmpty else { return }
    outgoing.consume { bytes in
      max(0, send(watch.descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL)))
    }
  }
}

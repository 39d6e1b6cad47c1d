import Locking

/// A WebSocket, on either side.
///
/// Neither direction makes memory grow. Messages wait for the reader in a buffer; when it is full, the
/// socket is no longer read from, so that the other side has to wait, and the silence that follows is not
/// held against it. `send` returns when little is left to be sent, so that a writer waits for a reader who
/// is slow; one who never reads also never answers a ping, and is given up.
///
/// Whoever has one closes it; the loop's `shutDown` closes all.
///
/// `@unchecked Sendable`, because: `settings`, `place` and `loop` never change, `closingSeen` is behind a
/// lock, and everything else is touched on the loop's thread only: by its calls, and by closures of
/// `EventLoop.execute`.
package final class WebSocket: ChannelUser, LoopGuest, @unchecked Sendable {
  private typealias Reader = CheckedContinuation<Result<WebSocketMessage?, NetworkError>, Never>
  private typealias Writer = CheckedContinuation<Result<Void, NetworkError>, Never>

  /// What one call waits under, so that it can be cancelled, also before it has begun.
  ///
  /// `@unchecked Sendable`, because: it is touched on the loop's thread only.
  private final class Ticket: @unchecked Sendable { var isCancelled = false }

  private enum State {
    case open, closing, over
  }

  private let loop: EventLoop
  private let settings: WebSocketSettings
  private let place: String
  private let isServer: Bool
  private let closingSeen = Locked<WebSocketClosing?>(nil)

  // Of the loop's thread.
  private var channel: Channel?
  private var decoder: WebSocketDecoder
  private var state = State.open
  private var inbox: [WebSocketMessage] = []
  private var inboxStart = 0
  private var inboxSize = 0
  private var result: Result<WebSocketMessage?, NetworkError>?
  private var reader: (ticket: Ticket, continuation: Reader)?
  private var writers: [(ticket: Ticket, continuation: Writer)] = []
  private var closers: [CheckedContinuation<Void, Never>] = []
  private var random = SystemRandomNumberGenerator()
  private var lastHeard = EventLoop.now
  private var watchdog: Deadlines.ID?

  /// Takes a channel over; `rest` is what came with the handshake.
  init(
    over channel: Channel, on loop: EventLoop, isServer: Bool, settings: WebSocketSettings,
    place: String, rest: [UInt8]
  ) {
    self.loop = loop
    self.settings = settings
    self.place = place
    self.isServer = isServer
    self.channel = channel
    decoder = WebSocketDecoder(isServer: isServer, limit: settings.messageLimit)
    decoder.feed(rest)
    channel.hand(to: self)
    channel.reads = true
    loop.welcome(self)
    watch()
    loop.later { [self] in pump() }
  }

  // MARK: - From any task

  /// How it was closed, if the other side said so.
  package var closing: WebSocketClosing? { closingSeen.withLock { $0 } }

  /// The messages in their order; the sequence ends when the WebSocket is closed in due form.
  ///
  /// It is not buffered further: a message leaves the socket's buffer when it is asked for.
  package var messages: AsyncThrowingStream<WebSocketMessage, any Error> {
    AsyncThrowingStream { try await self.receive() }
  }

  /// The next message; nil when the WebSocket has been closed in due form.
  ///
  /// One reader at a time. A cancelled task gets `cancelled`, and loses no message.
  package func receive() async throws(NetworkError) -> WebSocketMessage? {
    let ticket = Ticket()
    let result = await withTaskCancellationHandler {
      await withCheckedContinuation { (continuation: Reader) in
        let isTaken = loop.execute { [self] in read(ticket, continuation) }
        if !isTaken { continuation.resume(returning: .failure(error(.shutDown))) }
      }
    } onCancel: {
      loop.execute { [self] in
        ticket.isCancelled = true
        guard let waiting = reader, waiting.ticket === ticket else { return }
        reader = nil
        waiting.continuation.resume(returning: .failure(error(.cancelled)))
      }
    }
    return try result.get()
  }

  /// Sends a text.
  package func send(_ text: String) async throws(NetworkError) { try await send(.text(text)) }

  /// Sends a message; returns when it, or most of what is queued, has gone to the system.
  package func send(_ message: WebSocketMessage) async throws(NetworkError) {
    guard !Task.isCancelled else { throw error(.cancelled) }
    let ticket = Ticket()
    let result = await withTaskCancellationHandler {
      await withCheckedContinuation { (continuation: Writer) in
        let isTaken = loop.execute { [self] in write(message, ticket, continuation) }
        if !isTaken { continuation.resume(returning: .failure(error(.shutDown))) }
      }
    } onCancel: {
      loop.execute { [self] in
        ticket.isCancelled = true
        guard let index = writers.firstIndex(where: { $0.ticket === ticket }) else { return }
        let waiting = writers.remove(at: index)
        waiting.continuation.resume(returning: .failure(error(.cancelled, mayHaveArrived: true)))
      }
    }
    try result.get()
  }

  /// Says goodbye and waits until it is over, at most `settings.goodbye`.
  ///
  /// Messages that nobody has read yet are dropped.
  package func close(_ code: UInt16 = 1000, _ reason: String = "") async {
    precondition(WebSocketClosing.isSendable(code), "a WebSocket is not closed with \(code)")
    await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
      let isTaken = loop.execute { [self] in
        if state == .over {
          continuation.resume()
          return
        }
        closers.append(continuation)
        sayGoodbye(WebSocketClosing(code, reason))
      }
      if !isTaken { continuation.resume() }
    }
  }

  /// Breaks the connection off without a word.
  package func abort() {
    loop.execute { [self] in
      guard state != .over else { return }
      channel?.close(reset: true)
      finish(.failure(error(.shutDown)))
    }
  }

  /// Stays open, but says nothing from now on, not even pong; a server that rehearses faults does so.
  package func fallSilent() { loop.execute { [self] in isSilent = true } }

  /// How many bytes of the other side's are kept here, for tests.
  func buffered() async -> Int {
    await withCheckedContinuation { (continuation: CheckedContinuation<Int, Never>) in
      let isTaken = loop.execute { [self] in
        continuation.resume(returning: inboxSize + decoder.waiting)
      }
      if !isTaken { continuation.resume(returning: 0) }
    }
  }

  // MARK: - On the loop's thread

  private func error(
    _ problem: NetworkError.Problem, mayHaveArrived: Bool = false
  ) -> NetworkError {
    NetworkError(problem, at: place, mayHaveArrived: mayHaveArrived)
  }

  private func read(_ ticket: Ticket, _ continuation: Reader) {
    guard !ticket.isCancelled else {
      continuation.resume(returning: .failure(error(.cancelled)))
      return
    }
    precondition(reader == nil, "two tasks read from one WebSocket")
    reader = (ticket, continuation)
    pump()
  }

  private func write(_ message: WebSocketMessage, _ ticket: Ticket, _ continuation: Writer) {
    guard state == .open, !ticket.isCancelled, let channel else {
      var problem = NetworkError.Problem.shutDown
      if ticket.isCancelled { problem = .cancelled }
      if case .failure(let error) = result { problem = error.problem }
      continuation.resume(returning: .failure(error(problem)))
      return
    }
    switch message {
    case .text(let text): put(.text, Array(text.utf8))
    case .binary(let bytes): put(.binary, bytes)
    case .ping(let bytes): put(.ping, Array(bytes.prefix(125)))
    case .pong(let bytes): put(.pong, Array(bytes.prefix(125)))
    }
    if channel.queued > Channel.highWater {
      writers.append((ticket, continuation))
    } else {
      continuation.resume(returning: .success(()))
    }
  }

  private func put(_ kind: WebSocketFrame.Kind, _ payload: [UInt8]) {
    guard !isSilent else { return }
    var mask: [UInt8]?
    if !isServer {
      let number = UInt32.random(in: .min ... .max, using: &random)
      mask = [0, 8, 16, 24].map { UInt8(truncatingIfNeeded: number >> $0) }
    }
    channel?.write(WebSocketFrame.bytes(kind, payload, mask: mask))
  }

  /// Moves messages on: out of the bytes into the buffer, out of the buffer to the reader.
  private func pump() {
    while true {
      if let waiting = reader, inboxStart < inbox.count {
        let message = inbox[inboxStart]
        inboxStart += 1
        inboxSize -= message.size + Self.overhead
        if inboxStart == inbox.count || inboxStart > 1024 {
          inbox.removeFirst(inboxStart)
          inboxStart = 0
        }
        reader = nil
        waiting.continuation.resume(returning: .success(message))
      }
      // A full buffer leaves the rest in bytes, and those at the other side.
      guard inboxSize < settings.buffer, decodeNext() else { break }
    }
    if state == .open { channel?.reads = inboxSize < settings.buffer }
    if let waiting = reader, let result, inboxStart == inbox.count {
      reader = nil
      waiting.continuation.resume(returning: result)
    }
  }

  /// What a message takes beside its text.
  private static let overhead = 64

  /// One event out of the bytes; whether there was one.
  private func decodeNext() -> Bool {
    // Behind a goodbye nothing counts; behind a broken connection, what came before it does.
    if closing != nil || isFaulty { return false }
    do throws(WebSocketDecoder.Fault) {
      guard let event = try decoder.next() else { return false }
      switch event {
      case .message(let message):
        hand(message)
      case .ping(let payload):
        guard settings.answersPings else {
          hand(.ping(payload))
          break
        }
        // A peer that pings without reading our answers: those that do not fit are left out.
        if state == .open, (channel?.queued ?? 0) <= Channel.highWater { put(.pong, payload) }
      case .pong(let payload):
        if settings.showsPongs { hand(.pong(payload)) }
      case .close(let closing): take(closing)
      }
      return true
    } catch {
      isFaulty = true
      let problem: NetworkError.Problem =
        error.limit.map { .tooLarge(.message, limit: $0) } ?? .malformed(error.why)
      if state == .open {
        put(.close, WebSocketFrame.closing(WebSocketClosing(error.code, error.why)))
      }
      if state != .over {
        channel?.finish(patience: settings.goodbye)
        finish(.failure(self.error(problem)))
      }
      return false
    }
  }

  /// Puts a message where the reader finds it.
  private func hand(_ message: WebSocketMessage) {
    guard state != .closing else { return }  // After our goodbye nobody reads.
    inbox.append(message)
    inboxSize += message.size + Self.overhead
  }

  private var isFaulty = false
  private var isSilent = false

  /// The other side says goodbye, or answers ours.
  private func take(_ closing: WebSocketClosing) {
    closingSeen.withLock { $0 = closing }
    guard state != .over else { return }
    if state == .open { put(.close, WebSocketFrame.closing(closing)) }
    // RFC 6455, 7.1.1: the server closes the connection first. A client that does it too after a while
    // loses nothing; both have said all they had to.
    channel?.finish(patience: settings.goodbye)
    finish(.success(nil))
  }

  private func sayGoodbye(_ closing: WebSocketClosing) {
    guard state == .open else { return }
    put(.close, WebSocketFrame.closing(closing))
    state = .closing
    inbox = []
    inboxStart = 0
    inboxSize = 0
    channel?.reads = true
    loop.cancel(watchdog)
    watchdog = loop.after(settings.goodbye) { [weak self] in
      guard let self else { return }
      channel?.close()
      finish(.success(nil))
    }
    pump()
  }

  private func finish(_ result: Result<WebSocketMessage?, NetworkError>) {
    guard state != .over else { return }
    state = .over
    self.result = result
    channel = nil
    loop.cancel(watchdog)
    loop.forget(self)
    for waiting in writers {
      var problem = NetworkError.Problem.shutDown
      if case .failure(let error) = result { problem = error.problem }
      waiting.continuation.resume(returning: .failure(error(problem, mayHaveArrived: true)))
    }
    writers = []
    for closer in closers { closer.resume() }
    closers = []
    loop.later { [self] in pump() }
  }

  /// Sees to it that silence is noticed.
  private func watch() {
    let silent = Duration.microseconds(EventLoop.now - lastHeard)
    // Every `pingAfter` anew: what is heard meanwhile puts the end off, not the next look.
    let next =
      silent < settings.pingAfter
      ? settings.pingAfter - silent : min(settings.pingAfter, settings.silence - silent)
    watchdog = loop.after(next) { [weak self] in
      guard let self, state == .open, let channel else { return }
      if !channel.reads { lastHeard = EventLoop.now }  // It is us who do not listen.
      let silent = Duration.microseconds(EventLoop.now - lastHeard)
      if silent >= settings.silence {
        channel.close(reset: true)
        finish(.failure(error(.timedOut(.signOfLife))))
        return
      }
      if silent >= settings.pingAfter { put(.ping, []) }
      watch()
    }
  }

  // MARK: - ChannelUser

  func channelOpened() {}

  func channelReceived(_ bytes: UnsafeRawBufferPointer) {
    lastHeard = EventLoop.now
    decoder.feed(bytes)
    pump()
  }

  func channelDrained() {
    let waiting = writers
    writers = []
    for writer in waiting { writer.continuation.resume(returning: .success(())) }
  }

  func channelClosed(_ end: Channel.End) {
    switch end {
    case .finished:
      finish(
        state == .closing
          ? .success(nil) : .failure(error(.closed(.inSession, "without a goodbye"))))
    case .broken(let why): finish(.failure(error(.closed(.inSession, why))))
    case .failed(let problem): finish(.failure(error(problem)))
    }
  }

  func loopEnds() {
    guard state != .over else { return }
    if state == .open {
      put(.close, WebSocketFrame.closing(WebSocketClosing(1001, "going away")))
    }
    channel?.close()
    finish(.failure(error(.shutDown)))
  }
}

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
/// A thread that is woken costs more than a small message does. So a reader takes what is there without the
/// loop, and a writer hands over without waiting for it while little is queued.
///
/// `@unchecked Sendable`, because: `settings`, `place` and `loop` never change, `closingSeen`, `shelf` and
/// `basket` are behind locks, and everything else is touched on the loop's thread only: by its calls, and by
/// closures of `EventLoop.execute`.
package final class WebSocket: ChannelUser, LoopGuest, @unchecked Sendable {
  typealias Reader = CheckedContinuation<Result<WebSocketMessage?, NetworkError>, Never>
  private typealias Writer = CheckedContinuation<Result<Void, NetworkError>, Never>

  private enum State {
    case open, closing, over
  }

  private let loop: EventLoop
  private let settings: WebSocketSettings
  private let place: String
  private let isServer: Bool
  private let closingSeen = Locked<WebSocketClosing?>(nil)
  private let shelf = Locked(Shelf())
  private let basket = Locked(Basket())

  // Of the loop's thread.
  private var channel: Channel?
  private var decoder: WebSocketDecoder
  private var state = State.open
  private var result: Result<WebSocketMessage?, NetworkError>?
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
      await withCheckedContinuation { (continuation: Reader) in read(ticket, continuation) }
    } onCancel: {
      let waiting = shelf.withLock { shelf -> Reader? in
        ticket.isCancelled = true
        guard let waiting = shelf.reader, waiting.ticket === ticket else { return nil }
        shelf.reader = nil
        return waiting.continuation
      }
      waiting?.resume(returning: .failure(error(.cancelled)))
    }
    return try result.get()
  }

  private func read(_ ticket: Ticket, _ continuation: Reader) {
    let (answer, hasRoom) = shelf.withLock { shelf in
      let answer: Result<WebSocketMessage?, NetworkError>?
      if ticket.isCancelled {
        answer = .failure(error(.cancelled))
      } else if let message = shelf.take() {
        answer = .success(message)
      } else {
        answer = shelf.result
      }
      if answer == nil {
        precondition(shelf.reader == nil, "two tasks read from one WebSocket")
        shelf.reader = (ticket, continuation)
      }
      let hasRoom = shelf.isFull && shelf.size < settings.buffer
      if hasRoom { shelf.isFull = false }
      return (answer, hasRoom)
    }
    if hasRoom { loop.execute { [self] in pump() } }
    if let answer { continuation.resume(returning: answer) }
  }

  /// Sends a text.
  package func send(_ text: String) async throws(NetworkError) { try await send(.text(text)) }

  /// Sends a message; returns when it, or most of what is queued, has gone to the system.
  package func send(_ message: WebSocketMessage) async throws(NetworkError) {
    guard !Task.isCancelled else { throw error(.cancelled) }
    if try handOver(message) { return }
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

  /// Puts a message into the basket, if there is room for it.
  private func handOver(_ message: WebSocketMessage) throws(NetworkError) -> Bool {
    let size = message.size + Self.overhead
    let (isIn, isFirst, refusal) = basket.withLock { basket in
      guard basket.refusal == nil, basket.size + size <= Channel.highWater else {
        return (false, false, basket.refusal)
      }
      basket.messages.append(message)
      basket.size += size
      return (true, basket.messages.count == 1, nil)
    }
    if let refusal { throw error(refusal) }
    // One wake-up for all that is in it.
    if isFirst, !loop.execute({ [self] in emptyBasket() }) { throw error(.shutDown) }
    return isIn
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
        continuation.resume(returning: shelf.withLock { $0.size } + decoder.waiting)
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

  private func write(_ message: WebSocketMessage, _ ticket: Ticket, _ continuation: Writer) {
    guard state == .open, !ticket.isCancelled, let channel else {
      var problem = NetworkError.Problem.shutDown
      if ticket.isCancelled { problem = .cancelled }
      if case .failure(let error) = result { problem = error.problem }
      continuation.resume(returning: .failure(error(problem)))
      return
    }
    put(message)
    if channel.queued > Channel.highWater {
      writers.append((ticket, continuation))
    } else {
      continuation.resume(returning: .success(()))
    }
  }

  private func emptyBasket() {
    let messages = basket.withLock { basket in
      defer { basket.messages = [] }
      return basket.messages
    }
    if state == .open { for message in messages { put(message) } }
    weighBasket()
  }

  /// What is queued by now.
  private func weighBasket() {
    let queued = channel?.queued ?? 0
    basket.withLock { basket in
      basket.size = basket.messages.reduce(queued) { $0 + $1.size + Self.overhead }
    }
  }

  private func put(_ message: WebSocketMessage) {
    switch message {
    case .text(let text): put(.text, Array(text.utf8))
    case .binary(let bytes): put(.binary, bytes)
    case .ping(let bytes): put(.ping, Array(bytes.prefix(125)))
    case .pong(let bytes): put(.pong, Array(bytes.prefix(125)))
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

  /// Moves messages on: out of the bytes onto the shelf, where the reader finds them.
  private func pump() {
    var isFull = true
    // A full shelf leaves the rest in bytes, and those at the other side.
    while hasRoom() {
      guard decodeNext() else {
        isFull = false
        break
      }
    }
    if state == .open { channel?.reads = !isFull }
    guard let result, !isFull else { return }
    let waiting = shelf.withLock { shelf in
      shelf.result = result
      defer { shelf.reader = nil }
      return shelf.reader
    }
    waiting?.continuation.resume(returning: result)
  }

  private func hasRoom() -> Bool {
    shelf.withLock { shelf in
      shelf.isFull = shelf.size >= settings.buffer
      return !shelf.isFull
    }
  }

  /// What a message takes beside its text.
  static let overhead = 64

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
    let waiting = shelf.withLock { shelf -> Reader? in
      if let waiting = shelf.reader {
        shelf.reader = nil
        return waiting.continuation
      }
      shelf.messages.append(message)
      shelf.size += message.size + Self.overhead
      return nil
    }
    waiting?.resume(returning: .success(message))
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
    basket.withLock { $0.refusal = .shutDown }
    shelf.withLock { $0.clear() }
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
    var refusal = NetworkError.Problem.shutDown
    if case .failure(let error) = result { refusal = error.problem }
    basket.withLock { $0.refusal = refusal }
    loop.cancel(watchdog)
    loop.forget(self)
    for waiting in writers {
      waiting.continuation.resume(returning: .failure(error(refusal, mayHaveArrived: true)))
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
    weighBasket()
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

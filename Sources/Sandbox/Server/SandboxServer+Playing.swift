import Market

extension SandboxServer {
  /// Plays the candles to their end, at the pace of the settings.
  ///
  /// In lockstep it begins when a client follows trades, and halts while none does. Call it once.
  ///
  /// - Throws: `CancellationError` where the task is cancelled or the server stopped before the end.
  package func play() async throws {
    var schedule = CandleSchedule(exchange)
    if case .speed(let speed) = exchange.settings.pace {
      pacer = Pacer(speed: speed, from: exchange.now)
    }
    isPlaying = true
    defer { endPlaying() }
    await pause()
    var announced = exchange.now
    while let time = schedule.nextTime(exchange) {
      try await wait(until: time)
      if faults != nil { beginFaults(at: time) }
      var hasClosed = false
      for market in schedule.moving(at: time) {
        let (price, isClose) = schedule.step(market)
        exchange.move(market, to: price, at: time)
        try await arrive(market, size: .zero)
        guard isClose else { continue }
        exchange.close(market)
        hasClosed = true
      }
      if hasClosed {
        announced = time
        try await announce(time)
      }
      for market in schedule.opening(at: time, exchange) {
        if time > announced {
          announced = time
          try await announce(time)
        }
        guard let candle = exchange.nextCandle(of: market) else { continue }
        schedule.begin(market, candle)
        exchange.open(market)
        try await arrive(market, size: candle.volume)
      }
    }
    pacer = nil
    exchange.standStill()
    publish()
  }

  /// Lets happen what is on the way to the point, one thing at a time, then prints its trade.
  private func arrive(_ market: Int, size: Quantity) async throws {
    if faults != nil { countPointAway() }
    while exchange.step(market) { try await tell() }
    exchange.printTrade(market, size: size)
    try await tell()
  }

  private func announce(_ time: Timestamp) async throws {
    exchange.announce(time)
    try await tell()
  }

  private func tell() async throws {
    publish()
    if !delayed.isEmpty { releaseDelayed(upTo: exchange.now) }
    await pause()
    if cutting?.isDue() == true {
      cutOff()
      await pause()
    }
    // What clients said meanwhile may have changed the witness's mind.
    if exchange.settings.pace == .lockstep, hesitation > .zero {
      try await rest?(hesitation)
    }
    if isStopped || Task.isCancelled { throw CancellationError() }
  }

  /// Waits for the clients, in lockstep.
  private func pause() async {
    switch exchange.settings.pace {
    case .speed: break
    case .lockstep:
      repeat {
        if goesOnAlone { return }
        await untilFollowed()
        await quiet()
      } while !isStopped && !Task.isCancelled && !isFollowed
    }
  }

  /// Waits for a moment of the data.
  private func wait(until time: Timestamp) async throws {
    pacer?.next = time
    // A pace that nobody can keep must not keep clients from being heard.
    await Task.yield()
    while let left = pacer?.wait(until: time), left > .zero {
      try await Task.sleep(for: min(left, .seconds(1)))
      if isStopped { throw CancellationError() }
    }
    if isStopped || Task.isCancelled { throw CancellationError() }
  }

  /// A heartbeat every second of the clock, and time passes; in lockstep it stands still.
  func beatBySecond() {
    guard case .speed = exchange.settings.pace else { return }
    exchange.announce(pacer?.time ?? exchange.now)
    publish()
  }

  /// Nothing more happens by itself, so nothing waits for it.
  private func endPlaying() {
    isPlaying = false
    releaseDelayed()
    if faults != nil { flushMessages() }
  }
}

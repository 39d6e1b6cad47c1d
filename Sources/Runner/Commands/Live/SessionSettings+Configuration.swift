import Configuration
import LiveBroker
import Market

extension SessionSettings {
  /// What a configuration says.
  ///
  /// - Parameters:
  ///   - settings: Section `live`.
  ///   - isInStep: Whether the exchange waits for the session: it tells the time after the last trade of a
  ///     candle, never before, and what the session is late for has not happened yet.
  ///   - mayBeSilent: Whether its feed may fail all the same.
  init(_ settings: LiveSettings, isInStep: Bool, mayBeSilent: Bool) {
    self.init(
      candleGrace: isInStep ? TimeSpan(seconds: 0) : settings.candleGrace, warmUp: settings.warmUp)
    func duration(_ span: TimeSpan) -> Duration { .nanoseconds(span.nanoseconds) }
    reconcileEvery = duration(settings.reconcileEvery)
    nakedAlarm = duration(settings.nakedAlarm)
    maxClockSkew = settings.maxClockSkew
    timeScale = settings.timeScale
    if !isInStep { replaceInterval = duration(settings.replaceInterval) }
    if !isInStep || mayBeSilent { staleAfter = duration(settings.staleAfter) }
  }
}

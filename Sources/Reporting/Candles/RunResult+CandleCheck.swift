extension RunResult {
  /// What stands out in the candles that were played; O(n), so ask once.
  public var candleCheck: CandleCheck { CandleCheck(candles, interval: interval) }
}

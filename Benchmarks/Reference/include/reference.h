#ifndef RATCHET_REFERENCE_H
#define RATCHET_REFERENCE_H

#include <stddef.h>
#include <stdint.h>

/// The yardsticks: what a C programmer writes for one purpose, without types, checks or a trader.
/// Each is measured in the same rounds as the Swift it stands beside.

/// One candle as plain doubles, and the UTC day of its start.
struct reference_candle {
  double high, low, close, volume;
  long day;
};

/// Each gives a number that hangs on every value, so that no compiler can leave one out.
double reference_rsi(const struct reference_candle *candles, size_t count);
double reference_ema(const struct reference_candle *candles, size_t count);
double reference_macd(const struct reference_candle *candles, size_t count);
double reference_vwap(const struct reference_candle *candles, size_t count);
double reference_sma(const struct reference_candle *candles, size_t count);
double reference_atr(const struct reference_candle *candles, size_t count);
double reference_bollinger(const struct reference_candle *candles, size_t count);

/// RSI(14), MACD(12, 26, 9) and VWAP in one pass.
double reference_indicators(const struct reference_candle *candles, size_t count);

/// Candles as columns of integers: starts in seconds, the others in steps of 1e-8.
struct reference_columns {
  const int64_t *start, *open, *high, *low, *close, *volume;
};

/// What a run of the reference engine leaves behind.
struct reference_outcome {
  long signals, orders, trades;
  /// Steps of 1e-8; the equity counts an open position at the last close.
  int64_t cash, equity;
};

/// The `confluence` strategy with its defaults, from 10,000 of cash.
///
/// The signal is that of SEMANTICS 4.2, to the bit. The trader is a simple one: one limit buy at a
/// time that fills whole at its limit, one trailing stop that sells whole at its trigger, both
/// judged by the candle's high and low. No queue, no partial fills, no record, no exact money
/// beyond 1e-8.
struct reference_outcome reference_engine(struct reference_columns candles, size_t count);

/// How often this process has asked for memory so far: malloc, calloc, realloc and their kin.
long reference_allocations(void);

#endif

#ifndef RATCHET_REFERENCE_H
#define RATCHET_REFERENCE_H

#include <stddef.h>

/// One candle as plain doubles, and the UTC day of its start.
struct reference_candle {
  double high, low, close, volume;
  long day;
};

/// RSI(14), MACD(12, 26, 9) and VWAP of SEMANTICS 3 in one pass, written by hand in C.
///
/// Returns a number that hangs on every value, so that no compiler can leave one out.
double reference_indicators(const struct reference_candle *candles, size_t count);

#endif

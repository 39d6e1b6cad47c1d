#include "reference.h"

/* The yardstick: the same arithmetic as Ratchet's indicators, without types, checks or a trader. */
double reference_indicators(const struct reference_candle *candles, size_t count) {
  const int n = 14, f = 12, s = 26, g = 9;
  const double kf = 2.0 / (f + 1), ks = 2.0 / (s + 1), kg = 2.0 / (g + 1);
  double gain = 0, loss = 0, previous = 0;
  double fast = 0, slow = 0, signal = 0;
  double turnover = 0, volume = 0;
  long day = -1;
  double sum = 0;

  for (size_t i = 0; i < count; i++) {
    const double close = candles[i].close;
    if (i > 0) {
      const double change = close - previous;
      const double up = change > 0 ? change : 0, down = change < 0 ? -change : 0;
      if (i <= (size_t)n) {
        gain += up;
        loss += down;
        if (i == (size_t)n) {
          gain /= n;
          loss /= n;
        }
      } else {
        gain = (gain * (n - 1) + up) / n;
        loss = (loss * (n - 1) + down) / n;
      }
    }
    previous = close;
    const double rsi =
        i < (size_t)n ? 0 : (gain + loss == 0 ? 50 : (100 * gain) / (gain + loss));

    double histogram = 0;
    if (i + 1 < (size_t)s) {
      slow += close;
      if (i + 1 > (size_t)(s - f)) fast += close;
    } else {
      if (i + 1 == (size_t)s) {
        slow = (slow + close) / s;
        fast = (fast + close) / f;
      } else {
        fast += kf * (close - fast);
        slow += ks * (close - slow);
      }
      const double line = fast - slow;
      if (i + 1 < (size_t)(s + g - 1)) {
        signal += line;
      } else {
        if (i + 1 == (size_t)(s + g - 1)) signal = (signal + line) / g;
        else signal += kg * (line - signal);
        histogram = line - signal;
      }
    }

    if (candles[i].day != day) {
      day = candles[i].day;
      turnover = 0;
      volume = 0;
    }
    const double typical = (candles[i].high + candles[i].low + close) / 3;
    turnover += typical * candles[i].volume;
    volume += candles[i].volume;
    const double vwap = volume == 0 ? typical : turnover / volume;
    sum += rsi + histogram + vwap;
  }
  return sum;
}

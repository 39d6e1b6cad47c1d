#ifndef RATCHET_REFERENCE_INDICATORS_H
#define RATCHET_REFERENCE_INDICATORS_H

#include <stddef.h>

/* SEMANTICS 3 in the fewest lines: the operations of Sources/Indicators, in their order. A value
 * that does not exist yet is 0. */

enum { RSI = 14, FAST = 12, SLOW = 26, SIGNAL = 9 };

struct rsi {
  long count;
  double previous, gain, loss;
};

static inline double rsi_update(struct rsi *s, double close) {
  const double change = close - s->previous;
  const double up = change > 0 ? change : 0, down = up - change;
  s->previous = close;
  if (s->count > RSI) {
    s->gain = (s->gain * (RSI - 1) + up) / RSI;
    s->loss = (s->loss * (RSI - 1) + down) / RSI;
  } else {
    if (s->count++ == 0) return 0;
    s->gain += up;
    s->loss += down;
    if (s->count <= RSI) return 0;
    s->gain /= RSI;
    s->loss /= RSI;
  }
  const double movement = s->gain + s->loss;
  return movement == 0 ? 50 : (100 * s->gain) / movement;
}

struct ema {
  long count;
  double average;
};

static inline double ema_update(struct ema *s, int period, double value) {
  if (s->count == period) return s->average += (value - s->average) * (2.0 / (period + 1));
  s->average += value;
  if (++s->count < period) return 0;
  return s->average /= period;
}

struct macd {
  long count;
  double fast, slow;
  struct ema signal;
};

/* The histogram, or 0 before there is one. */
static inline double macd_update(struct macd *s, double close) {
  if (s->count == SLOW) {
    s->fast += (2.0 / (FAST + 1)) * (close - s->fast);
    s->slow += (2.0 / (SLOW + 1)) * (close - s->slow);
  } else {
    s->count++;
    s->slow += close;
    if (s->count > SLOW - FAST) s->fast += close;
    if (s->count < SLOW) return 0;
    s->fast /= FAST;
    s->slow /= SLOW;
  }
  const double line = s->fast - s->slow;
  const double signal = ema_update(&s->signal, SIGNAL, line);
  return s->signal.count < SIGNAL ? 0 : line - signal;
}

struct vwap {
  long day;
  double turnover, volume;
};

static inline double vwap_update(
    struct vwap *s, long day, double high, double low, double close, double volume) {
  if (day != s->day) *s = (struct vwap){.day = day};
  const double typical = (high + low + close) / 3;
  s->turnover += typical * volume;
  s->volume += volume;
  return s->volume == 0 ? typical : s->turnover / s->volume;
}

#endif

#include "indicators.h"

#include <math.h>

#include "reference.h"

double reference_rsi(const struct reference_candle *candles, size_t count) {
  struct rsi rsi = {0};
  double sum = 0;
  for (size_t i = 0; i < count; i++) sum += rsi_update(&rsi, candles[i].close);
  return sum;
}

double reference_ema(const struct reference_candle *candles, size_t count) {
  struct ema ema = {0};
  double sum = 0;
  for (size_t i = 0; i < count; i++) sum += ema_update(&ema, 20, candles[i].close);
  return sum;
}

double reference_macd(const struct reference_candle *candles, size_t count) {
  struct macd macd = {0};
  double sum = 0;
  for (size_t i = 0; i < count; i++) sum += macd_update(&macd, candles[i].close);
  return sum;
}

double reference_vwap(const struct reference_candle *candles, size_t count) {
  struct vwap vwap = {0};
  double sum = 0;
  for (size_t i = 0; i < count; i++) {
    const struct reference_candle c = candles[i];
    sum += vwap_update(&vwap, c.day, c.high, c.low, c.close, c.volume);
  }
  return sum;
}

double reference_indicators(const struct reference_candle *candles, size_t count) {
  struct rsi rsi = {0};
  struct macd macd = {0};
  struct vwap vwap = {0};
  double sum = 0;
  for (size_t i = 0; i < count; i++) {
    const struct reference_candle c = candles[i];
    sum += rsi_update(&rsi, c.close);
    sum += macd_update(&macd, c.close);
    sum += vwap_update(&vwap, c.day, c.high, c.low, c.close, c.volume);
  }
  return sum;
}

double reference_atr(const struct reference_candle *candles, size_t count) {
  enum { N = 14 };
  double average = 0, previous = 0, sum = 0;
  for (size_t i = 0; i < count; i++) {
    const struct reference_candle c = candles[i];
    const double up = fabs(c.high - previous), down = fabs(c.low - previous);
    const double gap = up > down ? up : down;
    const double range = c.high - c.low > gap ? c.high - c.low : gap;
    previous = c.close;
    if (i > N) {
      average = (average * (N - 1) + range) / N;
      sum += average;
    } else if (i > 0) {
      average += range;
      if (i == N) sum += average /= N;
    }
  }
  return sum;
}

/* The tail of the last block and the head of the present one, as in SimpleMovingAverage. */
double reference_sma(const struct reference_candle *candles, size_t count) {
  enum { N = 20 };
  double slots[N] = {0}, head = 0, sum = 0;
  int index = 0, warm = 0;
  for (size_t i = 0; i < count; i++) {
    slots[index] = candles[i].close;
    head += candles[i].close;
    if (++index < N) {
      if (warm) sum += (slots[index] + head) / N;
      continue;
    }
    sum += head / N;
    double tail = 0;
    while (index > 0) {
      index--;
      slots[index] = tail += slots[index];
    }
    head = 0;
    warm = 1;
  }
  return sum;
}

struct moments {
  double mean, squares;
};

static inline struct moments merged(struct moments a, double n, struct moments b, double m) {
  const double share = m / (n + m), distance = b.mean - a.mean;
  return (struct moments){
      a.mean + distance * share, a.squares + b.squares + distance * distance * (n * share)};
}

/* Two sets of moments, as in BollingerBands. */
double reference_bollinger(const struct reference_candle *candles, size_t count) {
  enum { N = 20 };
  struct moments slots[N] = {{0}}, head = {0};
  double tail_origin = 0, head_origin = 0, sum = 0;
  int index = 0, warm = 0;
  for (size_t i = 0; i < count; i++) {
    const double value = candles[i].close;
    slots[index] = (struct moments){value, 0};
    if (index == 0) head_origin = value;
    head = merged(head, index, (struct moments){value - head_origin, 0}, 1);
    if (++index < N) {
      if (!warm) continue;
      const struct moments shifted = {head.mean + (head_origin - tail_origin), head.squares};
      const struct moments window = merged(slots[index], N - index, shifted, index);
      sum += tail_origin + window.mean - 2 * sqrt(window.squares / N);
      continue;
    }
    sum += head_origin + head.mean - 2 * sqrt(head.squares / N);
    tail_origin = value;
    struct moments tail = {0};
    for (int n = 0; n < N; n++) {
      index--;
      tail = merged(tail, n, (struct moments){slots[index].mean - value, 0}, 1);
      slots[index] = tail;
    }
    head = (struct moments){0};
    warm = 1;
  }
  return sum;
}

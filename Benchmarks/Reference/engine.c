#include "indicators.h"
#include "reference.h"

#define STEPS 100000000 /* steps of 1e-8 in one */
#define TICK 1000000    /* 0.01 */

/* floorTick(price · millionths / 1e6). */
static inline int64_t floor_tick(int64_t price, int64_t millionths) {
  return price / TICK * millionths / 1000000 * TICK;
}

static inline int64_t notional(int64_t price, int64_t quantity) {
  return (int64_t)((__int128)price * quantity / STEPS);
}

struct trader {
  int64_t cash, quantity, highest, trigger;
  int64_t limit, ordered; /* the working entry, if `ordered` */
  long expires;
  struct reference_outcome outcome;
};

static void buy(struct trader *t, int64_t price, int64_t fee_millionths) {
  const int64_t paid = notional(price, t->ordered);
  t->cash -= paid + paid * fee_millionths / 1000000;
  t->quantity = t->ordered;
  t->ordered = 0;
  t->highest = price;
  t->trigger = floor_tick(price, 980000);
  t->outcome.orders++;
}

static void sell(struct trader *t, int64_t price) {
  const int64_t got = notional(floor_tick(price, 999900), t->quantity);
  t->cash += got - got * 9000 / 1000000;
  t->quantity = 0;
  t->outcome.trades++;
}

/* The stop follows a price up, if that moves it by a thousandth. */
static inline void follow(struct trader *t, int64_t price) {
  if (price <= t->highest) return;
  t->highest = price;
  const int64_t candidate = floor_tick(price, 980000);
  if (candidate > t->trigger + t->trigger / 1000) {
    t->trigger = candidate;
    t->outcome.orders++;
  }
}

static inline void play(struct trader *t, int64_t open, int64_t high, int64_t low, int64_t close) {
  if (t->ordered && low < t->limit) {
    /* Below the limit from the start: it takes. */
    if (open <= t->limit) buy(t, open + open / 10000 < t->limit ? open + open / 10000 : t->limit, 9000);
    else buy(t, t->limit, 5000);
    if (low <= t->trigger) sell(t, t->trigger);
    else follow(t, close);
    return;
  }
  if (!t->quantity) return;
  if (open <= t->trigger) {
    sell(t, open);
  } else {
    if (high - open < open - low) follow(t, high);
    if (low <= t->trigger) sell(t, t->trigger);
    else follow(t, high);
  }
}

struct reference_outcome reference_engine(struct reference_columns in, size_t count) {
  enum { WINDOW = 12, TIME_TO_LIVE = 3 };
  struct rsi rsi = {0};
  struct macd macd = {0};
  struct vwap vwap = {0};
  struct trader t = {.cash = 10000LL * STEPS};
  double rsi_before = 0, histogram_before = 0;
  int64_t close_before = 0;
  long dip_serves_until = 0, cross_serves_until = 0;

  for (long i = 0; i < (long)count; i++) {
    const int64_t close = in.close[i];
    if (t.ordered | t.quantity) play(&t, in.open[i], in.high[i], in.low[i], close);
    if (i >= t.expires) t.ordered = 0;

    const double price = (double)close / STEPS;
    const double r = rsi_update(&rsi, price);
    const double h = macd_update(&macd, price);
    const double average = vwap_update(
        &vwap, in.start[i] / 86400, (double)in.high[i] / STEPS, (double)in.low[i] / STEPS, price,
        (double)in.volume[i] / STEPS);
    if (i >= RSI && r <= 30) dip_serves_until = i + WINDOW;
    /* At the first histogram there is none before it, so it can be no crossing. */
    const int has_before = i > SLOW + SIGNAL - 2;
    if (has_before && histogram_before <= 0 && h > 0) cross_serves_until = i + WINDOW;
    const int agree = i < dip_serves_until && i < cross_serves_until && i > RSI && has_before &&
                      close > close_before && r > rsi_before && h > 0 && price <= average;
    rsi_before = r;
    histogram_before = h;
    close_before = close;

    if (!agree) continue;
    t.outcome.signals++;
    if (t.ordered | t.quantity) continue;
    t.limit = floor_tick(close, 999500);
    const int64_t budget = t.cash / 20;
    t.ordered = (int64_t)((__int128)budget * STEPS * 1000 / ((__int128)t.limit * 1009));
    t.expires = i + TIME_TO_LIVE;
    t.outcome.orders++;
  }
  t.outcome.cash = t.cash;
  t.outcome.equity = t.cash + (count ? notional(in.close[count - 1], t.quantity) : 0);
  return t.outcome;
}

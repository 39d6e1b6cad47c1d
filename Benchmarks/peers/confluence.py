"""The built-in strategy's signal (SEMANTICS 4.2) over whole columns, the NumPy way."""

import numpy as np

WINDOW, OVERSOLD = 12, 30.0
OFFSET, TIME_TO_LIVE, TRAIL = 0.0005, 3, 0.02
CASH, SHARE, MAKER, TAKER, SLIPPAGE = 10_000.0, 0.05, 0.005, 0.009, 0.0001


def load(path):
    """The columns of a candle file: start in seconds, the rest as doubles."""
    start, *rest = np.loadtxt(path, delimiter=",", skiprows=1, unpack=True)
    return (start.astype(np.int64), *(np.ascontiguousarray(column) for column in rest))


def daily_vwap(start, high, low, close, volume):
    """Anchored to the UTC day; no peer has one."""
    day = start // 86_400
    first = np.searchsorted(day, day)  # Index of the day's first candle.
    typical = (high + low + close) / 3
    turnover = np.concatenate(([0.0], np.cumsum(typical * volume)))
    total = np.concatenate(([0.0], np.cumsum(volume)))
    turnover = turnover[1:] - turnover[first]
    total = total[1:] - total[first]
    return np.where(total > 0, turnover / np.where(total > 0, total, 1), typical)


def within_window(event):
    """Whether the last event is less than WINDOW candles ago."""
    index = np.arange(len(event))
    last = np.maximum.accumulate(np.where(event, index, -WINDOW))
    return index - last < WINDOW


def signal(close, rsi, histogram, vwap):
    """Where the strategy wants to buy. A value that does not exist is NaN and satisfies nothing."""
    def before(values):
        shifted = np.empty_like(values)
        shifted[0], shifted[1:] = np.nan, values[:-1]
        return shifted

    crossing = (before(histogram) <= 0) & (histogram > 0)
    return (
        within_window(rsi <= OVERSOLD) & (rsi > before(rsi)) & (close > before(close))
        & (histogram > 0) & within_window(crossing) & ~np.isnan(before(histogram))
        & (close <= vwap)
    )

#!/usr/bin/env python3
"""Writes reference.csv: candles of a seeded random walk, and what TA-Lib makes of them.

    python3 -m venv /tmp/talib && /tmp/talib/bin/pip install ta-lib
    /tmp/talib/bin/python make_reference.py

The candles are in the file, so the tests recompute nothing of the walk. Doubles are printed with
the digits that bring back the same bits; an empty cell is a value that does not exist. TA-Lib has
no VWAP: that column is numpy's. Columns of the walk: day (days since 1970-01-01, UTC), high, low,
close (quote currency), volume (base units); candles of 300 s from 21:00, so that the day changes
early, with a gap, with candles of volume 0 and with a stretch in which the price stands still.
"""

import pathlib
import random

import numpy
import talib

SEED = 20_240_229
ROWS = 600
FIRST_DAY = 19_782  # 2024-02-29
CANDLES_A_DAY = 288


def walk():
    generator = random.Random(SEED)
    rows = []
    price = 61_500.0
    slot = 252  # 21:00
    for row in range(ROWS):
        if row == 450:
            slot += 31  # A gap.
        still = 300 <= row < 306  # Not so long that RSI's flat exception applies.
        step = 0.0 if still else 0.0018 * (2 * generator.random() - 1)
        start, price = price, round(price * (1 + step), 2)
        reach = 0.0 if still else 0.0006 * price
        high = round(max(start, price) + reach * generator.random(), 2)
        low = round(min(start, price) - reach * generator.random(), 2)
        volume = round(12 * generator.random() ** 3, 8)
        if slot % CANDLES_A_DAY < 2 or still:
            volume = 0.0
        rows.append((FIRST_DAY + slot // CANDLES_A_DAY, high, low, price, volume))
        slot += 1
    return rows


def vwap(day, high, low, close, volume):
    typical = (high + low + close) / 3
    value = numpy.empty(len(close))
    for one in numpy.unique(day):
        rows = day == one
        turnover = numpy.cumsum(typical[rows] * volume[rows])
        volumes = numpy.cumsum(volume[rows])
        value[rows] = numpy.where(
            volumes > 0, turnover / numpy.where(volumes > 0, volumes, 1), typical[rows]
        )
    return value


def main():
    rows = walk()
    day = numpy.array([row[0] for row in rows])
    high, low, close, volume = (
        numpy.array([row[column] for row in rows]) for column in range(1, 5)
    )
    line, signal, histogram = talib.MACD(close, 12, 26, 9)
    upper, middle, lower = talib.BBANDS(close, 20, 2.0, 2.0, talib.MA_Type.SMA)
    columns = {
        "rsi14": talib.RSI(close, 14),
        "ema12": talib.EMA(close, 12),
        "macd": line,
        "signal": signal,
        "histogram": histogram,
        "sma20": talib.SMA(close, 20),
        "atr14": talib.ATR(high, low, close, 14),
        "lower20": lower,
        "middle20": middle,
        "upper20": upper,
        "vwap": vwap(day, high, low, close, volume),
    }
    target = pathlib.Path(__file__).with_name("reference.csv")
    with target.open("w", encoding="utf-8", newline="\n") as file:
        library = talib.__ta_version__.decode().split()[0]
        file.write(f"# Written by make_reference.py: seed {SEED}, TA-Lib {library}\n")
        file.write(",".join(["day", "high", "low", "close", "volume", *columns]) + "\n")
        for index, row in enumerate(rows):
            values = (float(column[index]) for column in columns.values())
            cells = [repr(cell) for cell in row]
            cells += ["" if value != value else repr(value) for value in values]
            file.write(",".join(cells) + "\n")


if __name__ == "__main__":
    main()

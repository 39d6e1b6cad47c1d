"""vectorbt: indicators and portfolio compiled by Numba over whole columns."""

import time

from peer import Peer

peer = Peer()
import pandas as pd  # noqa: E402
import vectorbt as vbt  # noqa: E402
import confluence  # noqa: E402

peer.imported()


def load(path):
    frame = pd.read_csv(path)
    frame.index = pd.to_datetime(frame.timestamp, unit="s")
    return frame


def compute(frame):
    close = frame.close
    rsi = vbt.RSI.run(close, window=27, ewm=True).rsi  # A span of 27 is Wilder of 14.
    histogram = vbt.MACD.run(close, macd_ewm=True, signal_ewm=True).hist
    vwap = confluence.daily_vwap(
        *(frame[name].to_numpy() for name in ("timestamp", "high", "low", "close", "volume")))
    signals = confluence.signal(close.to_numpy(), rsi.to_numpy(), histogram.to_numpy(), vwap)
    began = time.process_time()
    portfolio = vbt.Portfolio.from_signals(
        close, entries=pd.Series(signals, index=close.index), open=frame.open, high=frame.high,
        low=frame.low, size=confluence.SHARE, size_type="percent", sl_stop=confluence.TRAIL,
        sl_trail=True, fees=confluence.TAKER, slippage=confluence.SLIPPAGE,
        init_cash=confluence.CASH, freq="5min")
    trades, equity = int(portfolio.trades.closed.count()), float(portfolio.final_value())
    return {
        "engine": time.process_time() - began, "signals": int(signals.sum()), "trades": trades,
        "equity": equity,
    }


peer.run(load, compute)

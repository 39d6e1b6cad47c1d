"""RaptorBT by arrays, its fast path: signals computed before, entries at the close.

After a stop it takes no entry before an exit signal, so there is one before each new signal: a
position that is still open is left then, which makes more trades than the strategy would.
"""

import time

from peer import Peer

peer = Peer()
import numpy as np  # noqa: E402
import raptorbt  # noqa: E402
import confluence  # noqa: E402

peer.imported()


def compute(data):
    start, open_, high, low, close, volume = data
    rsi = raptorbt.rsi(close, 14)
    _, _, histogram = raptorbt.macd(close, 12, 26, 9)
    vwap = confluence.daily_vwap(start, high, low, close, volume)
    signals = confluence.signal(close, rsi, histogram, vwap)
    entries = signals & ~np.append(False, signals[:-1])
    exits = np.append(entries[1:], False)
    config = raptorbt.BacktestConfig(
        initial_capital=confluence.CASH, fees=confluence.TAKER, slippage=confluence.SLIPPAGE)
    config.set_trailing_stop(confluence.TRAIL)
    began = time.process_time()
    result = raptorbt.run_single_backtest(
        start * 1_000_000_000, open_, high, low, close, volume, entries, exits, config=config,
        position_sizes=np.full(len(close), confluence.SHARE))
    return {
        "engine": time.process_time() - began,
        "signals": int(signals.sum()),
        "trades": result.metrics.total_closed_trades,
        "equity": result.metrics.end_value,
    }


peer.run(confluence.load, compute)

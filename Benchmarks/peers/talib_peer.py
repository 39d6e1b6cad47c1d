"""TA-Lib: indicators in C, called on whole columns. It has no trader."""

from peer import Peer

peer = Peer()
import talib  # noqa: E402
import confluence  # noqa: E402

peer.imported()


def compute(data):
    start, _, high, low, close, volume = data
    rsi = talib.RSI(close, 14)
    _, _, histogram = talib.MACD(close, 12, 26, 9)
    vwap = confluence.daily_vwap(start, high, low, close, volume)
    signals = confluence.signal(close, rsi, histogram, vwap)
    return {"signals": int(signals.sum())}


peer.run(confluence.load, compute)

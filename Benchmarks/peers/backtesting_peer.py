"""backtesting.py: indicators on columns, then a callback a candle in Python."""

from peer import Peer

peer = Peer()
import pandas as pd  # noqa: E402
from backtesting import Strategy  # noqa: E402
from backtesting.lib import FractionalBacktest  # noqa: E402
import confluence  # noqa: E402

peer.imported()


def wilder(values, period):
    return values.ewm(alpha=1 / period, adjust=False).mean()


def rsi(close):
    change = pd.Series(close).diff()
    gain, loss = wilder(change.clip(lower=0), 14), wilder(-change.clip(upper=0), 14)
    return (100 * gain / (gain + loss)).to_numpy()


def histogram(close):
    close = pd.Series(close)
    line = close.ewm(span=12, adjust=False).mean() - close.ewm(span=26, adjust=False).mean()
    return (line - line.ewm(span=9, adjust=False).mean()).to_numpy()


class Confluence(Strategy):
    def init(self):
        data = self.data
        close = data.Close
        start = data.index.as_unit("s").asi8
        vwap = confluence.daily_vwap(start, data.High, data.Low, close, data.Volume)
        self.signals = confluence.signal(close, rsi(close), histogram(close), vwap)
        self.expires = 0

    def next(self):
        now = len(self.data) - 1
        for trade in self.trades:
            level = self.data.High[-1] * (1 - confluence.TRAIL)
            trade.sl = max(trade.sl or 0, level)
        for order in self.orders:
            if not order.is_contingent and now >= self.expires:
                order.cancel()
        if not self.signals[now] or self.position or self.orders:
            return
        self.expires = now + confluence.TIME_TO_LIVE
        price = self.data.Close[-1] * (1 - confluence.OFFSET)
        self.buy(size=confluence.SHARE, limit=price, sl=price * (1 - confluence.TRAIL))


def load(path):
    frame = pd.read_csv(path)
    frame.index = pd.to_datetime(frame.pop("timestamp"), unit="s")
    return frame.rename(columns=str.capitalize)


def compute(frame):
    backtest = FractionalBacktest(
        frame, Confluence, cash=confluence.CASH, commission=confluence.TAKER,
        fractional_unit=1e-8)
    found = backtest.run()
    return {
        "signals": int(found["_strategy"].signals.sum()), "trades": int(found["# Trades"]),
        "equity": found["Equity Final [$]"],
    }


peer.run(load, compute)

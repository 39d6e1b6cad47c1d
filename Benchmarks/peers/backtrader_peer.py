"""backtrader: event by event in Python, indicators computed before (its default, `runonce`)."""

import datetime

from peer import Peer

peer = Peer()
import backtrader as bt  # noqa: E402

peer.imported()

WINDOW, OVERSOLD = 12, 30.0
OFFSET, TIME_TO_LIVE, TRAIL = 0.0005, 3, 0.02
CASH, SHARE, TAKER = 10_000.0, 0.05, 0.009


class DailyVWAP(bt.Indicator):
    lines = ("vwap",)

    def __init__(self):
        self.day, self.turnover, self.volume = None, 0.0, 0.0

    def next(self):
        data = self.data
        day = int(data.datetime[0])
        if day != self.day:
            self.day, self.turnover, self.volume = day, 0.0, 0.0
        typical = (data.high[0] + data.low[0] + data.close[0]) / 3
        self.turnover += typical * data.volume[0]
        self.volume += data.volume[0]
        self.lines.vwap[0] = self.turnover / self.volume if self.volume > 0 else typical


class Confluence(bt.Strategy):
    def __init__(self):
        self.rsi = bt.ind.RSI_Safe(self.data.close, period=14)
        self.histogram = bt.ind.MACDHisto(self.data.close).histo
        self.vwap = DailyVWAP(self.data)
        self.dip_until = self.cross_until = self.signals = self.trades = 0
        self.entry = self.trailing = None

    def next(self):
        now = len(self)
        if self.rsi[0] <= OVERSOLD:
            self.dip_until = now + WINDOW
        if self.histogram[-1] <= 0 < self.histogram[0]:
            self.cross_until = now + WINDOW
        close = self.data.close
        if not (
            now < self.dip_until and now < self.cross_until and self.rsi[0] > self.rsi[-1]
            and close[0] > close[-1] and self.histogram[0] > 0 and close[0] <= self.vwap[0]
        ):
            return
        self.signals += 1
        if self.position or self.entry:
            return
        price = close[0] * (1 - OFFSET)
        self.entry = self.buy(
            exectype=bt.Order.Limit, price=price, size=self.broker.getvalue() * SHARE / price,
            valid=datetime.timedelta(minutes=5 * TIME_TO_LIVE))

    def notify_order(self, order):
        if order.alive():
            return
        if self.entry and order.ref == self.entry.ref:  # What arrives is a copy.
            self.entry = None
            if order.status == order.Completed:
                self.trailing = self.sell(
                    exectype=bt.Order.StopTrail, size=order.executed.size, trailpercent=TRAIL)
        elif order.ref == self.trailing.ref and order.status == order.Completed:
            self.trades += 1


def load(path):
    return path


def compute(path):
    cerebro = bt.Cerebro(stdstats=False)
    cerebro.adddata(bt.feeds.GenericCSVData(
        dataname=path, dtformat=1, timeframe=bt.TimeFrame.Minutes, compression=5,
        openinterest=-1))
    cerebro.addstrategy(Confluence)
    cerebro.broker.setcash(CASH)
    cerebro.broker.setcommission(commission=TAKER)
    strategy = cerebro.run()[0]
    return {
        "signals": strategy.signals, "trades": strategy.trades,
        "equity": cerebro.broker.getvalue(), "candles": len(strategy),
    }


peer.run(load, compute)
